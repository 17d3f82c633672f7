"""
Rows of costs that a processor works on at once.

A row is 512 bits: 16 costs of 32 bits or 32 costs of 16 bits, one for each of that
many sources (or categories); a cost in it is a lane. numba does not vectorise a loop
over two rows of one array, which may overlap, so these few operations are written as
vector instructions of LLVM, which knows them on every processor. Additions saturate:
what is `unreached` stays it, and nothing wraps around.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

BITS = 512
Rows = np.ndarray[Any, np.dtype[Any]]


def lanes(dtype: Any) -> int:
    """Number of costs of a type in one row."""
    return BITS // (8 * int(np.dtype(dtype).itemsize))


def unreached(dtype: Any) -> int:
    """The cost that means that there is no way: the greatest of its type."""
    return int(np.iinfo(dtype).max)


def rows(count: int, dtype: Any) -> Rows:
    """
    Make rows that begin where a cache line does; what is in them is not set.

    >>> rows(3, np.uint32).shape, rows(3, np.uint16).shape
    ((3, 16), (3, 32))
    """
    width = BITS // 8
    raw = np.empty((count + 1) * width, np.uint8)
    first = -raw.ctypes.data % width
    table: Rows = raw[first : first + count * width].view(dtype).reshape(count, lanes(dtype))
    return table


@intrinsic
def relax(typing, table, to, source, via, cost):
    """``table[to] = min(table[to], source[via] + cost)`` in every lane."""
    lane = table.dtype
    signature = types.void(table, types.int64, source, types.int64, lane)

    def generate(context, builder, _, args):
        here = _row(context, builder, table, args[0], args[1])
        there = _row(context, builder, source, args[2], args[3])
        total = _call(builder, "uadd.sat", _load(builder, there),
                      _splat(builder, args[4], lane))  # fmt: skip
        least = _call(builder, "umin", _load(builder, here), total)
        builder.store(least, here, align=1)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def fill(typing, table, row, cost):
    """``table[row] = cost`` in every lane."""
    lane = table.dtype
    signature = types.void(table, types.int64, lane)

    def generate(context, builder, _, args):
        here = _row(context, builder, table, args[0], args[1])
        builder.store(_splat(builder, args[2], lane), here, align=1)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def add_within(typing, counts, row, table, via, limit, amount):
    """``counts[row] += amount`` in the lanes where ``table[via] <= limit``."""
    lane = table.dtype
    signature = types.void(counts, types.int64, table, types.int64, lane, lane)

    def generate(context, builder, _, args):
        here = _row(context, builder, counts, args[0], args[1])
        there = _load(builder, _row(context, builder, table, args[2], args[3]))
        inside = builder.icmp_unsigned("<=", there, _splat(builder, args[4], lane))
        nothing = ir.Constant(there.type, [0] * there.type.count)
        more = builder.select(inside, _splat(builder, args[5], lane), nothing)
        builder.store(builder.add(_load(builder, here), more), here, align=1)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def any_within(typing, table, row, limit):
    """Whether a lane of ``table[row]`` is at most `limit`."""
    lane = table.dtype
    signature = types.boolean(table, types.int64, lane)

    def generate(context, builder, _, args):
        there = _load(builder, _row(context, builder, table, args[0], args[1]))
        inside = builder.icmp_unsigned("<=", there, _splat(builder, args[2], lane))
        bits = ir.IntType(there.type.count)
        return builder.icmp_unsigned("!=", builder.bitcast(inside, bits), ir.Constant(bits, 0))

    return signature, generate


def _row(context, builder, kind, table, row):
    """Address of a row as one vector."""
    array = context.make_array(kind)(context, builder, table)
    count = BITS // kind.dtype.bitwidth
    first = builder.gep(array.data, [builder.mul(row, ir.Constant(ir.IntType(64), count))])
    vector = ir.VectorType(ir.IntType(kind.dtype.bitwidth), count)
    return builder.bitcast(first, vector.as_pointer())


def _load(builder, address):
    return builder.load(address, align=1)


def _splat(builder, value, lane):
    """One number in all lanes."""
    vector = ir.VectorType(ir.IntType(lane.bitwidth), BITS // lane.bitwidth)
    empty = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, empty, mask)


def _call(builder, name, left, right):
    """A vector operation that LLVM has a name for."""
    full = f"llvm.{name}.v{left.type.count}i{left.type.element.width}"
    known = builder.module.globals.get(full)
    if known is None:
        known = ir.Function(
            builder.module, ir.FunctionType(left.type, (left.type, left.type)), full
        )
    return builder.call(known, [left, right])
