"""The rules desk's parts: rules in words, wishes for a status, and trials that run beside the console."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from db import activations
from monitor.assembly import rule_files
from monitor.cli.rule_words import sheet_of
from monitor.cli.rules_life import rule_named, status_wish, trial_order
from monitor.domain.rule_sheets import RuleSheet, TrialState
from monitor.errors import ConflictError, PantauError, RefusedError
from monitor.scan.backtest import run_trial
from monitor.scan.progress import Progress
from monitor.web.deps import RuleRoom
from monitor.workspace import Workspace
from rules.statuses import stated, status_in_force

LONGEST_TRIAL = timedelta(minutes=15)


def rule_room(space: Workspace) -> RuleRoom:
    """Return what the rules desk is given."""

    def run(rule_id: str, by: str, progress: Progress) -> None:
        loaded = rule_files(space.settings)
        order = trial_order(space, loaded, (rule_named(loaded, rule_id),), None, by)
        run_trial(space.database, order, progress, space.clock)

    trials = Trials(run, space.clock)
    return RuleRoom(
        shelf=lambda: shelf(space),
        wish=lambda rule_id, to: status_wish(space, rule_id, to),
        start_trial=trials.start,
        trial=trials.state,
        place=space.settings.agency.jurisdiction,
        longest=timedelta(days=space.settings.rules.suppression_max_days),
    )


def shelf(space: Workspace) -> tuple[RuleSheet, ...]:
    """Return every rule on disk, and those that two people gave a status and no file holds any more."""
    loaded = rule_files(space.settings)
    with space.database.read() as session:
        orders = activations.standing(session)
    laws = {law.id: law for law in loaded.laws}
    known = {rule.id: rule for rule in stated(loaded)}
    sheets = [
        sheet_of(rule, status_in_force(rule, orders.get(rule.id)), laws, space.settings.rules_dir)
        for rule in known.values()
    ]
    gone = [RuleSheet(name, orders[name].status, gone=True) for name in sorted(orders.keys() - known.keys())]
    return (*sheets, *gone)


class Trials:
    """Trials of rules beside the console, one at a time; how the newest of each rule stands is kept in memory."""

    def __init__(self, run: Callable[[str, str, Progress], None], clock: Callable[[], datetime]) -> None:
        self._run = run
        self._clock = clock
        self._lock = threading.Lock()
        self._states: dict[str, TrialState] = {}

    def start(self, rule_id: str, by: str) -> None:
        """Begin a trial; ConflictError while another one runs."""
        with self._lock:
            running = next((state for state in self._states.values() if state.running), None)
            if running is not None:
                raise ConflictError(f"Uji balik {running.rule_id} masih berjalan", "tunggu sampai selesai, lalu ulangi")
            self._states[rule_id] = TrialState(rule_id, by, self._clock())
        threading.Thread(target=self._work, args=(rule_id, by), name=f"trial-{rule_id}", daemon=True).start()

    def state(self, rule_id: str) -> TrialState | None:
        """Return how the newest trial of a rule stands, None where none was started since the console began."""
        return self._states.get(rule_id)

    def _work(self, rule_id: str, by: str) -> None:
        error = ""
        try:
            self._run(rule_id, by, _Watched(self, rule_id))
        except PantauError as problem:  # the seam of a thread: nobody else hears of it
            error = str(problem)
        except Exception as problem:
            self.end(rule_id, f"kesalahan di program ({type(problem).__name__})")
            raise
        self.end(rule_id, error)

    def note(self, rule_id: str, *, done: int, total: int) -> None:
        """Keep how far a trial is."""
        with self._lock:
            self._states[rule_id] = replace(self._states[rule_id], done=done, total=total)

    def end(self, rule_id: str, error: str) -> None:
        """Keep that a trial is over."""
        with self._lock:
            self._states[rule_id] = replace(self._states[rule_id], finished_at=self._clock(), error=error)


class _Watched:
    """Progress of one trial; it stops a trial that takes too long."""

    def __init__(self, trials: Trials, rule_id: str) -> None:
        self._trials = trials
        self._rule_id = rule_id
        self._total = self._done = 0
        self._until = monotonic() + LONGEST_TRIAL.total_seconds()

    def phase(self, name: str, total: int) -> None:
        """Begin the phase."""
        del name
        self._total = total
        self._trials.note(self._rule_id, done=0, total=total)

    def step(self, done: int, note: str = "") -> None:
        """Count acts; RefusedError once the time is up."""
        del note
        self._done += done
        self._trials.note(self._rule_id, done=self._done, total=self._total)
        if monotonic() > self._until:
            minutes = round(LONGEST_TRIAL.total_seconds() / 60)
            raise RefusedError(
                f"Uji balik dihentikan setelah {minutes} menit", "jalankan `pantau rules backtest` di mesin itu"
            )
