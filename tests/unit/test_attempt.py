from campaign.attempt import EDGES, FINAL, OPEN, State, sources


def test_every_state_is_open_or_final() -> None:
    assert set(EDGES) == set(State)
    assert set(FINAL) == {State.RELEASED, State.ENDED}
    assert set(OPEN) == set(State) - set(FINAL)


def test_every_open_state_leads_to_a_final_one() -> None:
    reachable = set(FINAL)
    for _ in State:
        reachable |= {state for state in State if EDGES[state] & reachable}
    assert reachable == set(State)


def test_no_state_is_ever_left_for_one_before_it() -> None:
    def after(state: State) -> set[State]:
        found: set[State] = set()
        for following in EDGES[state]:
            found |= {following} | after(following)
        return found

    assert all(state not in after(state) for state in State)


def test_sources_are_the_states_that_lead_to_the_target() -> None:
    assert sources(State.CLAIMED) == ()
    assert sources(State.DIALING) == (State.CLAIMED,)
    assert sources(State.RELEASED) == (State.CLAIMED,)
    assert set(sources(State.ENDED)) == {State.DIALING, State.ANSWERED, State.UNRESOLVED}


def test_a_dialled_call_is_never_released() -> None:
    assert State.RELEASED not in EDGES[State.DIALING] | EDGES[State.UNRESOLVED]
