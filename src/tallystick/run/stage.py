"""A stage: where one scenario is played, step by step. Rule: set-up first, then a world is made.

The first steps may choose the checklist, change policies and dialects; the first other step builds
the world. `run`, replays and pytest-bdd's steps all feed scenarios to a stage.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tallystick.checklist import compile_checklist, join_checklists
from tallystick.connectors.address import REFERENCE, Launch, resolve
from tallystick.connectors.command import Command
from tallystick.connectors.environment import contract_variables
from tallystick.connectors.polling import Attachment
from tallystick.dataflow.dialects import speaking
from tallystick.dataflow.json import save
from tallystick.dataflow.model import POLICY_CHOICES, Dataflow, Origin, Side
from tallystick.errors import BadInput, Problem
from tallystick.journal.journal import Header, Journal
from tallystick.laws.verdict import Judgement, Violation
from tallystick.resources import packaged
from tallystick.run.actions import StepImpossible, perform
from tallystick.run.backstage import Backstage, NotRun
from tallystick.run.ground import Ground
from tallystick.run.memory import Memory
from tallystick.run.wiring import InProcessWiring, SocketWiring, state_root
from tallystick.run.world import World
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.script import (
    Explore,
    Script,
    SetPolicy,
    Speak,
    Start,
    Step,
    UseChecklist,
    step_kind,
)
from tallystick.vocabulary.sentences import Names, parse_step
from tallystick.vocabulary.weather import Kill, Skew

__all__ = ["Effort", "Explorer", "Stage", "Theatre", "documents_key", "is_set_up"]

_APIS: Final = ("storefront/1", "ledger/1")


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much random exploration is asked for: edits a pair, where to begin, in what weather.

    `out_of_time` is asked between batches of scripts; `memory` keeps what failed for the next run.
    """

    edits: int = 200
    seed: int | None = None
    weather: frozenset[str] = frozenset()
    out_of_time: Callable[[], bool] = _never
    memory: Memory | None = None


Explorer = Callable[["Theatre", Dataflow, str, Effort], tuple[Judgement, Any]]
"""`explore(theatre, dataflow, type_name, effort)`: what it gave, and its failure or None."""


@dataclass(slots=True)
class Theatre:
    """What all scenarios of a run share: the connector, the network, files of dataflows.

    `connector` is its address; `launch` says how it comes to run, where the address alone does not.
    `network` is for connectors in this process.
    """

    network: InProcess
    connector: str = REFERENCE
    launch: Launch | None = None
    without: Collection[str] = ()
    effort: Effort = field(default_factory=Effort)
    explorer: Explorer | None = None
    dataflows: dict[tuple[str, ...], Dataflow] = field(default_factory=dict)
    _files: list[tuple[Dataflow, Path]] = field(default_factory=list)
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _backstage: Backstage | None = None

    def dataflow(
        self, checklist: str, agreement: str, beside: Path | None, back: str = ""
    ) -> Dataflow:
        """Give the dataflow of a checklist that a scenario names, or of both directions.

        A name is first looked for among those given to the run, then as a file beside the feature,
        then among the packaged checklists.
        """
        place = documents_key(checklist, agreement, back)
        known = self.dataflows.get(place)
        if known is None:
            path = _document(checklist, "checklists", ".rst", beside)
            agreed = _document(agreement, "agreements", ".toml", beside) if agreement else None
            if back:
                other = _document(back, "checklists", ".rst", beside)
                known = join_checklists(path, other, agreed).dataflow
            else:
                known = compile_checklist(path, agreed).dataflow
            self.dataflows[place] = known
        return known

    def world(
        self,
        dataflow: Dataflow,
        *,
        script: Script = (),
        title: str = "",
        skew_ms: Mapping[Side, int] | None = None,
    ) -> World:
        """Make a world for this run's connector."""
        header = Header(
            dataflow=dataflow,
            script=script,
            seed=self.effort.seed,
            connector=self.connector,
            skew_ms=dict(skew_ms or {}),
            title=title,
            own_pace=self.own_pace,
        )
        launch, file = self._launch(), self._file(dataflow)
        if not isinstance(launch, (Command, Attachment)):
            here = InProcessWiring(self.network, launch, file)
            return World(dataflow, here, header=header, without=self.without)
        if self.shared and skew_ms:
            raise NotRun("one connector serves the whole run: no clock can be skewed")
        wiring, ground = self._wired(dataflow)
        return World(dataflow, wiring, header=header, without=self.without, ground=ground)

    def invitation(self, dataflow: Dataflow) -> tuple[str, ...]:
        """Say what an attached connector has to know, line by line; nothing for any other.

        Its ports are bound then.
        """
        launch = self._launch()
        if not isinstance(launch, Attachment):
            return ()
        file, wiring = self._file(dataflow), self._wired(dataflow)[0]
        variables = contract_variables(
            dataflow_file=file,
            state=wiring.state,
            urls=wiring.urls,
            tokens=wiring.tokens,
            mode="poll",
        )
        return (
            "Point the connector at these, in mode poll, and let it run:",
            *(f"  {name}={value}" for name, value in variables.items()),
            f"Waiting up to {launch.patience_s:g} s for its first request …",
        )

    def _wired(self, dataflow: Dataflow) -> tuple[SocketWiring, Ground | None]:
        launch = self._launch()
        if not isinstance(launch, (Command, Attachment)):
            raise TypeError("a connector in this process needs no sockets")
        if self._backstage is None:
            self._backstage = Backstage(launch)
        return self._backstage.wiring(dataflow, self._file(dataflow))

    def _launch(self) -> Launch:
        if self.launch is None:
            self.launch = resolve(self.connector)
        return self.launch

    @property
    def in_process(self) -> bool:
        """Whether the connector runs in this process, on a clock that only steps move."""
        return not isinstance(self._launch(), (Command, Attachment))

    @property
    def waits(self) -> tuple[int, ...]:
        """The seconds that a drawn `Retry-After` may ask for: in real time brief ones."""
        return (1, 0, 5) if self.in_process else (1,)

    def besides(self, dataflow: Dataflow) -> frozenset[str]:
        """Give what else may befall this connector: webhooks go astray where there are any."""
        apis = {dataflow.source.api, dataflow.target.api}
        told = not self.in_process and "storefront/1" in apis
        return frozenset({"webhooks"}) if told else frozenset()

    @property
    def shared(self) -> bool:
        """Whether one process of the connector serves the whole run."""
        launch = self._launch()
        return isinstance(launch, Attachment) or (isinstance(launch, Command) and launch.reuse)

    @property
    def own_pace(self) -> bool:
        """Whether nobody can say how much an idle sync of the connector may cost."""
        launch = self._launch()
        return self.shared or (isinstance(launch, Command) and launch.mode == "poll")

    def _file(self, dataflow: Dataflow) -> Path:
        for known, path in self._files:
            if known is dataflow or known == dataflow:
                return path
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="tallystick-", dir=state_root())
        path = Path(self._folder.name) / f"dataflow-{len(self._files) + 1}.json"
        save(dataflow, path)
        self._files.append((dataflow, path))
        return path

    def close(self) -> None:
        """End what still runs, and take the run's files away."""
        if self._backstage is not None:
            self._backstage.close()
            self._backstage = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self._files.clear()


def documents_key(checklist: str, agreement: str, back: str = "") -> tuple[str, ...]:
    """Give under which key a theatre keeps the dataflow of these documents."""
    return (checklist, agreement, back) if back else (checklist, agreement)


def _document(name: str, folder: str, suffix: str, beside: Path | None) -> Path:
    candidates = [Path(name), packaged("fixtures", folder, name + suffix)]
    if beside is not None:
        candidates.insert(0, beside / name)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise BadInput(
        Problem(
            text=f"there is no {folder[:-1]} {name!r}",
            remedy=f"name a file beside the feature, or a packaged one without {suffix}",
        )
    )


class Stage:
    """One scenario being played."""

    def __init__(
        self,
        theatre: Theatre,
        *,
        title: str = "",
        beside: Path | None = None,
        weather: frozenset[str] = frozenset(),
    ) -> None:
        self.theatre = theatre
        self.title = title
        self.beside = beside
        self.weather = weather
        self.dataflow: Dataflow | None = None
        self.names = Names()
        self.world: World | None = None
        self.skew_ms: dict[Side, int] = {}
        self.steps: list[Step] = []
        self.judgement = Judgement()
        self.failure: Any = None
        self._closed: Journal | None = None

    def say(self, text: str, table: Sequence[Sequence[str]] | None = None) -> list[Violation]:
        """Play one step given in words; BadInput where nobody can understand or do it."""
        try:
            return self.play(parse_step(text, table, self.names))
        except (ValueError, StepImpossible) as error:
            raise BadInput(Problem(text=f"{text}: {error}")) from error

    def play(self, step: Step) -> list[Violation]:
        """Play one step; give the violations that came to light."""
        self.steps.append(step)
        if is_set_up(step):
            self._set_up(step)
            return []
        if isinstance(step, Explore):
            return self._explore(step)
        world = self._world()
        if world.ground.shared and isinstance(step, (Kill, Start)):
            raise NotRun("one connector serves the whole run: it is neither killed nor started")
        return perform(world, step)

    def _set_up(self, step: Step) -> None:
        if self.world is not None:
            raise StepImpossible("this can only be said before anything happens")
        if isinstance(step, UseChecklist):
            named = step.checklist, step.agreement
            self.dataflow = self.theatre.dataflow(*named, self.beside, step.back)
            self.names = Names.of(self.dataflow)
        elif isinstance(step, SetPolicy):
            self.dataflow = _with_policy(self._agreed(), step)
        elif isinstance(step, Speak):
            self.dataflow = _speaking(self._agreed(), step)
        elif isinstance(step, Skew):
            self.skew_ms[step.side] = step.ms

    def _agreed(self) -> Dataflow:
        if self.dataflow is None:
            raise StepImpossible("the scenario must first say which checklist it is about")
        return self.dataflow

    def _world(self) -> World:
        if self.world is None:
            self.world = self.theatre.world(self._agreed(), title=self.title, skew_ms=self.skew_ms)
        return self.world

    def _explore(self, step: Explore) -> list[Violation]:
        if self.theatre.explorer is None:
            raise StepImpossible("random edits are not available here")
        effort = self.theatre.effort
        weather = self.weather
        if self.theatre.shared and weather & _OF_ITS_OWN:
            weather -= _OF_ITS_OWN
            if not weather:
                raise NotRun(
                    "one connector serves the whole run: it is not killed, no clock skewed"
                )
        if weather:  # each edit costs twice as much there
            edits = -(-effort.edits // 2)
            effort = replace(effort, weather=effort.weather | weather, edits=edits)
        judgement, self.failure = self.theatre.explorer(
            self.theatre, self._agreed(), step.type, effort
        )
        self.judgement.add(judgement)
        return list(judgement.violations)

    def close(self) -> Journal | None:
        """End the scenario; give its journal, if it had a world, and count its judgement in."""
        if self.world is not None and self._closed is None:
            self._closed = self.world.close()
            header = replace(self._closed.header, script=tuple(self.steps))
            self._closed.header = header
            self.judgement.add(self.world.judge.judgement)
        return self._closed


_OF_ITS_OWN: Final = frozenset({"kills", "clocks"})
"""Weather that asks for a world, and a process, of its own."""

_SET_UP: Final = frozenset({"use-checklist", "set-policy", "speak", "skew"})


def is_set_up(step: Step) -> bool:
    """Tell whether a step belongs before anything happens: it says what a world is like."""
    return step_kind(step) in _SET_UP


def _with_policy(dataflow: Dataflow, step: SetPolicy) -> Dataflow:
    choices = POLICY_CHOICES.get(step.policy)
    if choices is None or step.choice not in choices:
        known = "; ".join(f"{name}: {', '.join(c)}" for name, c in POLICY_CHOICES.items())
        raise StepImpossible(f"no such policy or choice; there are {known}")
    agreed: Mapping[str, Origin] = {
        **dataflow.policies.agreed,
        step.policy: Origin(by="agreement"),
    }
    changed: dict[str, Any] = {step.policy: step.choice, "agreed": agreed}
    return replace(dataflow, policies=replace(dataflow.policies, **changed))


def _speaking(dataflow: Dataflow, step: Speak) -> Dataflow:
    if step.api not in _APIS:
        raise StepImpossible(f"no API is called {step.api!r}; there are {', '.join(_APIS)}")
    api: Any = step.api
    return speaking(dataflow, step.side, api)
