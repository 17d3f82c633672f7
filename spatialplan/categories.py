"""The facility categories of ``layers/facilities/categories.yaml``, shared by every reader."""

from __future__ import annotations

import difflib
import functools
from typing import TYPE_CHECKING

import pandas as pd

from ._files import data_folder
from ._yaml import read_yaml
from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


def read_categories() -> pd.DataFrame:
    """
    Every category a facility may have.

    Returns
    -------
    DataFrame
        Index ``category``; columns ``name_zh``, ``name_en``, ``group``,
        ``group_zh``, ``group_en``, in the order of the file, group by group.

    Examples
    --------
    >>> read_categories().loc["bus_stop", "group_en"]
    'Transport'
    """
    return _categories().copy()


def require_category(category: str, *, source: object, where: str = "") -> str:
    """
    Return `category` if it is known; otherwise name its nearest known neighbours.

    Parameters
    ----------
    category
        Key such as ``primary_school``.
    source, where
        File and place to name in the message.

    Raises
    ------
    InputError
        If there is no such category.

    Examples
    --------
    >>> require_category("primary_scool", source="a.yaml")
    Traceback (most recent call last):
    ...
    spatialplan.errors.InputError: a.yaml: unknown category 'primary_scool'; did you mean \
primary_school?
    """
    known = _categories().index
    if category in known:
        return category
    raise InputError(
        source, f"unknown category {category!r}", where=where, do=nearest(category, known)
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """
    A hint that names the known words nearest to `word`, or all of them if none is near.

    Examples
    --------
    >>> nearest("straigt", ["straight", "network"])
    'did you mean straight?'
    >>> nearest("x", ["straight", "network"])
    'known: straight, network'
    """
    words = list(known)
    close = difflib.get_close_matches(word, words, n=3)
    return f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(words)}"


@functools.cache
def _categories() -> pd.DataFrame:
    file = read_yaml(data_folder("layers") / "facilities" / "categories.yaml")
    table = pd.DataFrame.from_dict(file["categories"], orient="index")
    groups = pd.DataFrame.from_dict(file["groups"], orient="index").add_prefix("group_")
    groups = groups.rename(columns={"group_name_zh": "group_zh", "group_name_en": "group_en"})
    return table.join(groups, on="group").rename_axis("category")
