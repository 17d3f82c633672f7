"""The share of people, land or communities that is served."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .errors import InputError

ROUNDING = 1e-9
"""What sums of shares may be off by; a share this close to a limit meets it."""


def coverage_share(
    table: pd.DataFrame,
    served: pd.Series[Any],
    *,
    weight: str = "population",
    by: str | None = None,
) -> pd.DataFrame:
    """
    How much of a total is served, in all or by group.

    Parameters
    ----------
    table
        DEMAND or LAND, or any table with a weight.
    served
        True or false, or the served share (0-1), on the index of `table`.
    weight
        Column that is summed, such as ``population`` or ``area_m2``.
    by
        Column to group by; without it there is one group, ``all``.

    Returns
    -------
    DataFrame
        COVERAGE: index ``group``, columns ``total``, ``served`` (unit of the
        weight) and ``share`` (0-1; ``nan`` where the total is 0).

    Raises
    ------
    InputError
        If a column is missing, `served` does not have the index of `table`, or it holds
        something else than shares.

    Examples
    --------
    >>> people = pd.DataFrame({"population": [30.0, 10.0], "area_id": ["a", "b"]})
    >>> coverage_share(people, pd.Series([True, False]))["share"].tolist()
    [0.75]
    """
    for name in [weight, *([by] if by else [])]:
        if name not in table.columns:
            raise InputError("coverage_share", f"no column {name!r}",
                             allowed=", ".join(map(str, table.columns)))  # fmt: skip
    if not served.index.equals(table.index):
        raise InputError("served", "another index than the table's")
    share = served.to_numpy(dtype=float)
    if not ((share >= 0) & (share <= 1)).all():
        raise InputError("served", "missing, or not between 0 and 1")
    sums = pd.DataFrame(
        {
            "group": table[by].to_numpy() if by else "all",
            "total": table[weight].to_numpy(dtype=float),
            "served": table[weight].to_numpy(dtype=float) * share,
        }
    )
    result = sums.groupby("group", sort=True, dropna=False)[["total", "served"]].sum()
    if not by and result.empty:
        result.loc["all"] = 0.0
    total = result["total"].to_numpy()
    result["share"] = np.divide(
        result["served"].to_numpy(), total, out=np.full(len(result), np.nan), where=total > 0
    )
    return result


def community_coverage(
    demand: pd.DataFrame, served: pd.Series[Any], *, by: str = "area_id", enough: float
) -> pd.Series[Any]:
    """
    Whether each community has enough of its people served.

    Parameters
    ----------
    demand
        DEMAND with a column `by`; rows of no community (``""``) are left out.
    served
        As in `coverage_share`.
    by
        Column that names the community.
    enough
        Share of its people (0-1) from which a community counts as served.

    Returns
    -------
    Series
        True or false, for every community with people.

    Examples
    --------
    >>> people = pd.DataFrame({"population": [30.0, 10.0], "area_id": ["a", "b"]})
    >>> community_coverage(people, pd.Series([True, False]), enough=0.5).tolist()
    [True, False]
    """
    share = coverage_share(demand, served, by=by)["share"].drop("", errors="ignore").dropna()
    return (share >= enough - ROUNDING).rename("served")
