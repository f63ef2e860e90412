"""What is read for people: the outcomes of a run, its attempts, what is going on."""

from campaign.store.database import Database, Row


class Reports:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def latest_run(self) -> str | None:
        """The newest run that called customers."""
        rows = self._rows("latest_run")
        return rows[0]["id"] if rows else None

    def latest_run_of(self, campaign: str) -> Row | None:
        """The newest run of a campaign that called customers, as `run` gives it."""
        rows = self._rows("latest_run_of_campaign", campaign=campaign)
        return rows[0] if rows else None

    def run(self, run_id: str) -> Row | None:
        """One run: campaign, host, pid, started_at, heartbeat_at, ended_at, stop_reason.

        ``silent_us``: microseconds since its last heartbeat, by the database's clock.
        """
        rows = self._rows("run", id=run_id)
        return rows[0] if rows else None

    def recent_runs(self) -> list[Row]:
        """The ten newest runs, as `run` gives them."""
        return self._rows("recent_runs")

    def outcomes(self, run_id: str) -> list[Row]:
        """Outcome, outcome_class, calls, heard_seconds; most calls first."""
        return self._rows("outcomes_of_run", run_id=run_id)

    def states(self, run_id: str) -> dict[str, int]:
        """How many attempts of the run stand in which state."""
        return {row["state"]: row["attempts"] for row in self._rows("states_of_run", run_id=run_id)}

    def attempts(self, run_id: str) -> list[Row]:
        """Every attempt of the run with all that is known of it, in the order of the claims."""
        return self._rows("attempts_of_run", run_id=run_id)

    def calls_to(self, customer_id: str) -> list[Row]:
        """Every call to a customer, oldest first; ``events``: what happened on it, in order."""
        return self._with_events("calls_to", "events_of", customer_id)

    def calls_back_of(self, customer_id: str) -> list[Row]:
        """Every call of a customer who rang back, as `calls_to`; ``attempt``: the call's id."""
        return self._with_events("calls_back_of", "inbound_events_of", customer_id)

    def _with_events(self, calls_of: str, events_of: str, customer_id: str) -> list[Row]:
        with self._database.transaction() as transaction:
            calls = transaction.rows(calls_of, customer=customer_id)
            ids = [call["attempt"] for call in calls]
            found = transaction.rows(events_of, ids=ids) if ids else []
        events: dict[str, list[Row]] = {call_id: [] for call_id in ids}
        for event in found:
            events[event.pop("attempt_id")].append(event)
        return [{**call, "events": events[call["attempt"]]} for call in calls]

    def held_seconds(self, trunk: str) -> float | None:
        """For how long the latest thousand calls of a trunk held a line on average.

        None: it has carried no call.
        """
        seconds = self._rows("held_seconds", trunk=trunk)[0]["seconds"]
        return None if seconds is None else float(seconds)

    def _rows(self, statement: str, **values: object) -> list[Row]:
        with self._database.transaction() as transaction:
            return transaction.rows(statement, **values)
