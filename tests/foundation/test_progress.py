import io

from rich.console import Console

from kitaran.foundation.progress import NO_PROGRESS, BarProgress, Counted, LineProgress


def test_the_fraction_is_work_done_over_work_to_do() -> None:
    seen: list[float] = []
    progress = Counted(lambda p: seen.append(p.fraction))
    progress.stage("Samples", 4)
    progress.advance()
    progress.advance(2)
    progress.advance()
    assert seen == [0.0, 0.25, 0.75, 1.0]


def test_more_work_than_was_announced_never_shows_more_than_all() -> None:
    progress = Counted()
    progress.stage("Samples", 2)
    progress.advance(5)
    assert (progress.done, progress.fraction) == (2, 1.0)


def test_an_unannounced_amount_shows_no_progress() -> None:
    progress = Counted()
    progress.stage("Reading", 0)
    progress.advance()
    assert progress.fraction == 0.0


def test_a_log_gets_a_line_a_quarter_and_not_a_line_a_step() -> None:
    log = io.StringIO()
    progress = LineProgress(log)
    progress.stage("Samples", 200)
    for _ in range(200):
        progress.advance()
    assert log.getvalue().splitlines() == [f"  Samples: {n} of 200" for n in (0, 50, 100, 150, 200)]


def test_a_terminal_gets_a_bar_with_the_numbers() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with BarProgress(console) as progress:
        progress.stage("Samples", 3)
        progress.advance(3)
    assert "Samples" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "3/3" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_task_may_report_to_nobody() -> None:
    NO_PROGRESS.stage("Samples", 3)
    NO_PROGRESS.advance()
