# SPDX-License-Identifier: Apache-2.0
"""A program with its tensors and scratch placed anew, and what there is to say about the arena."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cortex_m_plan import memory, spread
from cortex_m_plan.arena.banks import Bank, Region, place_in_banks
from cortex_m_plan.arena.bound import Bound
from cortex_m_plan.arena.place import Placement, own, place
from cortex_m_plan.arena.problem import Problem, build, is_scratch
from cortex_m_plan.elision import Elision
from cortex_m_plan.errors import PlanError
from cortex_m_plan.operators import Call
from cortex_m_plan.operators.text import times
from cortex_m_plan.program import Program, Tensor, Value
from cortex_m_plan.step import Pointer, Scratch, Step


@dataclass(frozen=True)
class Arena:
    """What is said about the arena.

    Attributes:
        bytes: of all banks.
        program_bytes: the .pte's own plan.
        bound_without_overlap: what lives at the worst moment, if nothing shared bytes.
        bound: what the arena has at least, proved.
        method: what proves it.
        peak: the moment that needs most.
        program_scratch: bytes of scratch that the .pte planned, by tensor.
    """

    bytes: int
    program_bytes: int
    bound_without_overlap: int
    bound: int
    method: str
    peak: int
    banks: tuple[Bank, ...]
    program_scratch: Mapping[int, int]

    @property
    def proved(self) -> bool:
        """Whether no smaller arena is possible, for these kernels and this order."""
        return self.bytes <= self.bound

    def bank(self, offset: int) -> tuple[int, Bank]:
        """The bank in which a byte lies, and its number."""
        found = [item for item in enumerate(self.banks) if item[1].start <= offset]
        return next((item for item in reversed(found) if item[1].bytes), found[0])


@dataclass(frozen=True)
class Arranged:
    """The program where it lies now: instructions in the order of execution, of each its steps."""

    program: Program
    calls: list[Call]
    steps: list[tuple[Step, ...]]
    memory: memory.Memory
    arena: Arena


@dataclass(frozen=True)
class Fitted:
    """A program for which a placement in one memory is found."""

    program: Program
    calls: list[Call]
    made: list[tuple[Step, ...]]
    layout: memory.Memory
    most: int
    groups: tuple[spread.Group, ...]
    problem: Problem
    placement: Placement

    @property
    def bytes(self) -> int:
        return self.placement.bytes


def fit(
    program: Program,
    calls: list[Call],
    made: list[tuple[Step, ...]],
    layout: memory.Memory,
    most: int,
    *,
    keep: bool = False,
) -> Fitted | None:
    """Finds a placement of at most so many bytes.

    Args:
        made: of each call, the steps of the chosen kernels.
        layout: the buffers, each where it is in `program`.
        keep: leave everything where it is if nothing else is found.
    """
    groups = spread.groups(program, calls, layout)
    kept = tuple(group for group in groups if not is_scratch(group))
    problem = build(kept, calls, made, layout)
    placement = place(problem, most)
    if placement is None and keep:
        placement = own(problem, [_start(group) for group in kept], most)
        if placement is None:
            raise PlanError(
                f"{program.path}: its scratch is not aligned to {spread.ALIGNMENT} bytes",
                fix="make the .pte again with cortex_m_lowering",
            )
    if placement is None:
        return None
    return Fitted(program, calls, made, layout, most, kept, problem, placement)


def arrange(fitted: Fitted, regions: Sequence[Region] = ()) -> Arranged:
    """Everything where it is placed.

    Args:
        regions: the memory the arena may take, fastest first; none: one without limit.

    Raises PlanError if the regions are too small.
    """
    problem, placement, calls = fitted.problem, fitted.placement, fitted.calls
    banks = (Bank(None, None, 0, placement.bytes),)
    if regions:
        try:
            placement, banks = place_in_banks(problem, placement, regions)
        except OverflowError:
            raise too_large(fitted, regions) from None
    bound = Bound(problem)
    arena = Arena(
        bytes=sum(bank.bytes for bank in banks),
        program_bytes=fitted.most,
        bound_without_overlap=bound.apart(),
        bound=placement.bound,
        method=placement.method,
        peak=_peak(problem, bound, placement),
        banks=banks,
        program_scratch={tensor.id: tensor.bytes for call in calls for tensor in call.scratches},
    )
    moved = Elision(_places(fitted, placement), {}, banks[-1].start + banks[-1].bytes)
    program = moved.program(fitted.program)
    calls = moved.calls(program, calls)
    ways = {
        (stage.moment, stage.part): way
        for stage, way in zip(problem.stages, placement.ways, strict=True)
    }
    steps = [
        tuple(
            _moved(replace(step, way=ways.get((moment, step.part), step.way)), call)
            for step in parts
        )
        for moment, (call, parts) in enumerate(zip(calls, fitted.made, strict=True))
    ]
    return Arranged(program, calls, steps, _memory(fitted, placement, moved.places), arena)


def too_large(fitted: Fitted, regions: Sequence[Region]) -> PlanError:
    """The error for regions that are too small: what lives at the worst moment, largest first."""
    problem, placement, calls = fitted.problem, fitted.placement, fitted.calls
    moment = _peak(problem, Bound(problem), placement)
    lines = [
        (buffer.tensor.bytes, f"{name(buffer, calls)}: {_shape(buffer.tensor)}")
        for buffer in fitted.layout.buffers
        if buffer.first <= moment <= buffer.last and buffer.kind != "scratch"
    ]
    lines += [
        (way.scratch, f"scratch of {node(calls[moment])}")
        for stage, way in zip(problem.stages, placement.ways, strict=True)
        if stage.moment == moment and stage.scratch_bytes(way)
    ]
    lines.sort(key=lambda line: -line[0])
    room = ", ".join(f"{one.name} {one.capacity} B" for one in regions)
    where = node(calls[moment]) if 0 <= moment < len(calls) else "the ends of the program"
    return PlanError(
        f"{calls[0].program.path}: the arena needs {placement.bytes} B, there are {room}",
        f"at {where} live:",
        *(f"  {size} B {text}" for size, text in lines),
        fix="make the largest of these tensors smaller (the input, or the stride of the first "
        'layers), lower with io = "int8" if a float32 input or output is among them, '
        "or take a board with more memory",
    )


def _shape(tensor: Tensor) -> str:
    return f"{tensor.dtype.label} {times(tensor.physical_sizes)}"


def node(call: Call) -> str:
    """The model's name for an instruction."""
    origin = call.report.origin(call.instruction.index)
    return origin.node or f"instruction {call.instruction.index}"


def name(buffer: memory.Buffer, calls: Sequence[Call]) -> str:
    """The model's name for a buffer."""
    if buffer.first == memory.BEFORE:
        return "input"
    made_by = node(calls[buffer.first])
    return f"scratch of {made_by}" if buffer.kind == "scratch" else made_by


def _start(group: spread.Group) -> int:
    """Where a group lies now."""
    buffer, at = group.buffers[0]
    return buffer.tensor.offset - at


def _peak(problem: Problem, bound: Bound, placement: Placement) -> int:
    """The moment that needs most, in the ways that are taken."""
    needs = dict(bound.live)
    for stage, way in zip(problem.stages, placement.ways, strict=True):
        needs[stage.moment] = max(needs[stage.moment], bound.need(stage, way))
    return max(needs, key=lambda moment: (needs[moment], -moment), default=0)


def _places(fitted: Fitted, placement: Placement) -> dict[int, dict[str, Any]]:
    """What changes of each tensor, by its number."""
    places: dict[int, dict[str, Any]] = {
        number: {"offset": address + at}
        for group, address in zip(fitted.groups, placement.addresses, strict=True)
        for number, at in group.tensors.items()
    }
    for call in fitted.calls:
        for tensor in call.scratches:
            places[tensor.id] = {"offset": 0, "sizes": (0,), "dim_order": (0,)}
    for number, address in placement.scratch.items():
        size = (placement.ways[number].scratch,)
        places[fitted.problem.stages[number].scratch.id] |= {"offset": address, "sizes": size}
    return places


def _memory(
    fitted: Fitted, placement: Placement, places: Mapping[int, Mapping[str, Any]]
) -> memory.Memory:
    """The same buffers and lifetimes where they lie now, with the scratch that is needed now.

    Lifetimes are not found anew: where a value has been overwritten, addresses do not tell whose
    bytes are read.
    """
    made: dict[int, memory.Buffer] = {}
    for group, address in zip(fitted.groups, placement.addresses, strict=True):
        for buffer, at in group.buffers:
            views = {
                name: replace(tensor, offset=address + group.tensors[name])
                for name, tensor in buffer.views.items()
            }
            tensor = replace(buffer.tensor, offset=address + at)
            made[id(buffer)] = replace(buffer, tensor=tensor, views=views)
    for buffer in made.values():
        if buffer.origin is not None:
            buffer.origin = made[id(buffer.origin)]
    buffers = [made[id(one)] for one in fitted.layout.buffers if one.kind != "scratch"]
    for number, address in placement.scratch.items():
        stage = fitted.problem.stages[number]
        size = (placement.ways[number].scratch,)
        tensor = replace(stage.scratch, offset=address, sizes=size, dim_order=(0,))
        buffers.append(memory.Buffer(tensor, "scratch", stage.moment, stage.moment))
    buffers.sort(key=lambda one: (one.first, one.kind != "scratch"))

    def values(given: Sequence[memory.Value]) -> tuple[memory.Value, ...]:
        return tuple(known[id(value)] for value in given)

    everything = [*fitted.layout.inputs, *fitted.layout.outputs]
    for access in fitted.layout.accesses:
        everything += [*access.reads, *access.writes]
    known = {
        id(value): memory.Value(
            replace(value.tensor, **places.get(value.tensor.id, {})),
            tuple(made[id(one)] for one in value.buffers),
        )
        for value in {id(value): value for value in everything}.values()
    }
    accesses = tuple(
        memory.Access(values(access.reads), values(access.writes))
        for access in fitted.layout.accesses
    )
    layout = fitted.layout
    return memory.Memory(tuple(buffers), accesses, values(layout.inputs), values(layout.outputs))


def _moved(step: Step, call: Call) -> Step:
    """The step with its tensors where they lie now: those of the call."""
    given = (call.instruction.arguments, call.args.values, call.copies)
    tensors = {tensor.id: tensor for tensor in _tensors(given)}
    scratches = tuple(Scratch(tensors[one.tensor.id], one.need) for one in step.scratches)
    left = iter(scratches)

    def argument(item: Pointer | str | int) -> Pointer | str | int:
        if not isinstance(item, Pointer):
            return item
        if item.role.endswith("scratch"):
            buffer = next(left).tensor
            return replace(item, tensor=buffer if buffer.bytes else None)
        if isinstance(item.tensor, Tensor):
            return replace(item, tensor=tensors[item.tensor.id])
        return item

    move = step.move
    if move is not None:
        source, target = tensors[move.source.id], tensors[move.target.id]
        move = replace(move, source=source, target=target)
    arguments = tuple(map(argument, step.arguments))
    return replace(step, arguments=arguments, scratches=scratches, move=move)


def _tensors(value: Value) -> Iterator[Tensor]:
    """The tensors in a value, however deep."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _tensors(item)
