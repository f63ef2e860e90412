"""``script/bench scale``."""

import click
from rich.console import Console
from rich.table import Table

from lab.bench.measure import bench_lab
from lab.bench.scale import Cost, measure
from lab.errors import LabError
from lab.lab import STATE, Lab

SIZES = (1_000, 100_000, 1_000_000)
LIMITS = "aims at a million: plan under 60 s, first INVITE under 5 s, both under 150 MB"


@click.command()
@click.option("--customers", "sizes", type=click.IntRange(500), multiple=True, default=SIZES)
def scale(sizes: tuple[int, ...]) -> None:
    """Measure plan and run of companies with so many customers, three invoices and one past call
    each; about 5 minutes."""
    console = Console()
    lab = Lab(STATE / "bench")
    costs = []
    try:
        with bench_lab(lab):
            for size in sizes:
                costs.append(measure(lab, size))
                console.print(costs[-1])
    except LabError as error:
        raise click.ClickException(str(error)) from error
    console.print(table(costs))
    console.print(LIMITS)


def table(costs: list[Cost]) -> Table:
    """The sizes side by side."""
    made = Table("", title="Customers side by side", title_justify="left")
    for cost in costs:
        made.add_column(f"{cost.customers:,}".replace(",", " "), justify="right")
    rows = {
        "plan, s": [cost.plan_seconds for cost in costs],
        "plan, MB at most": [cost.plan_mb for cost in costs],
        "run to the first INVITE, s": [cost.first_invite_seconds for cost in costs],
        "run, MB at most": [cost.run_mb for cost in costs],
        "database, CPU-ms per call": [cost.database_ms for cost in costs],
    }
    for name, figures in rows.items():
        made.add_row(name, *(f"{figure:.1f}" for figure in figures))
    return made
