"""How the search is compiled: once a machine, and again when any of its files changes."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, register_jitable
from numba.np import arrayobj

HERE = Path(__file__).parent


def _digest() -> str:
    """Return what the machine code depends on; numba itself only looks at the file of each function."""
    found = hashlib.sha256(numba.__version__.encode())
    for file in sorted(HERE.glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _folder() -> str:
    """Return where machine code is kept, empty where nothing can be: then each process compiles anew."""
    chosen = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("entreflux")
    folder = Path(chosen) / f"kernel-{_digest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder) if os.access(folder, os.W_OK) else ""


_KEPT_IN = _folder()
if _KEPT_IN:
    # Read by each function as it is decorated.
    setattr(numba.config, "CACHE_DIR", _KEPT_IN)  # noqa: B010 - its stubs do not name it
# Without the runtime that counts references: tables are only read, and counting costs more than scoring.
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": bool(_KEPT_IN), "error_model": "numpy", "_nrt": False}
# What is compiled into its callers is neither kept on its own nor called by other languages, and Python runs
# it as written: without the doors that functions have for these, all compile in two thirds of the time.
_INNER = {**_OPTIONS, "cache": False, "no_cfunc_wrapper": True}
Function = TypeVar("Function", bound=Callable[..., Any])


def is_kept(function: Any) -> bool:
    """Tell whether some machine code of a compiled function is kept on this machine."""
    name = f"{Path(function.py_func.__code__.co_filename).stem}.{function.py_func.__qualname__}"
    return bool(_KEPT_IN) and any(Path(_KEPT_IN).rglob(f"{name}-*.nbc"))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process of the machine compile: those that wait find its machine code and need not make it."""
    if not _KEPT_IN or sys.platform == "win32":
        yield
        return
    import fcntl

    with open(Path(_KEPT_IN) / "turn", "a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def compiled(function: Function) -> Function:
    """Compile a function, to be called as it stands."""
    return cast(Function, njit(**_OPTIONS)(function))


def inlined(function: Function) -> Function:
    """Compile a function into each of its callers, who then pass it nothing."""
    return register_jitable(**_INNER, forceinline=True)(function)


def many(function: Function) -> Function:
    """Compile into its callers a function that works on many numbers at once, whose products may be fused."""
    return register_jitable(**_INNER, forceinline=True, fastmath={"contract"})(function)


def _bits_in(_context: Any, mask: Any) -> Any:
    return mask(mask), lambda _context, builder, _signature, values: builder.ctpop(values[0])


# Without types of their own.
_ARRAYS: Any = arrayobj
_CODE: Any = cgutils


def _soon(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    array = _ARRAYS.make_array(signature.args[0])(context, builder, values[0])
    size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
    start = builder.ptrtoint(array.data, values[1].type)
    first = builder.add(start, builder.mul(values[1], values[1].type(size)))
    byte, number = _CODE.voidptr_t, _CODE.int32_t
    kind = _CODE.ir.FunctionType(_CODE.ir.VoidType(), [byte, number, number, number])
    fetch = _CODE.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    for address in (first, builder.add(first, first.type(size - 1))):
        builder.call(fetch, [builder.inttoptr(address, byte), number(0), number(3), number(1)])
    return context.get_dummy_value()


def _soon_read(_context: Any, records: Any, place: Any) -> Any:
    return types.void(records, types.intp), _soon


# Ask the processor for a record that is read a little later, in compiled functions: what lies scattered over
# memory, ``AHEAD`` of them before its turn (own estimate).
AHEAD = 12
soon_read: Any = intrinsic(_soon_read)


def lanes_reaching(width: int) -> Any:
    """Return a compiled function that compares ``width`` numbers at once, which no loop is turned into.

    It takes numbers in single precision, where the first one stands and an aim, and returns the mask of those
    that reach the aim.
    """

    def compare(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        ir = _CODE.ir
        lanes, number = ir.VectorType(values[2].type, width), ir.IntType(32)
        array = _ARRAYS.make_array(signature.args[0])(context, builder, values[0])
        place = builder.bitcast(builder.gep(array.data, [values[1]]), lanes.as_pointer())
        one = builder.insert_element(ir.Constant(lanes, ir.Undefined), values[2], number(0))
        aim = builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(number, width), [0] * width))
        reached = builder.fcmp_ordered(">=", builder.load(place, align=4), aim)
        return builder.zext(builder.bitcast(reached, ir.IntType(width)), number)

    def typed(_context: Any, numbers: Any, _first: Any, _aim: Any) -> Any:
        return types.int32(numbers, types.intp, types.float32), compare

    return intrinsic(typed)


# How many bits of a mask are set, by the processor's own instruction, in compiled functions.
bits_in: Any = intrinsic(_bits_in)
