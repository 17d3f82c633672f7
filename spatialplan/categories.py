"""The facility categories of ``layers/facilities/categories.yaml``, shared by every reader."""

from __future__ import annotations

import functools

import pandas as pd

from ._files import data_folder
from ._yaml import read_yaml
from .errors import InputError
from .errors import nearest


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


def category_words() -> dict[str, str]:
    """
    Key of every word a category goes by: its key, its Chinese and its English name.

    Examples
    --------
    >>> category_words()["小学"], category_words()["primary_school"]
    ('primary_school', 'primary_school')
    """
    known = _categories()
    return {
        str(word): str(key)
        for names in (known["name_en"], known["name_zh"], known.index.to_series())
        for key, word in names.items()
    }


def category_key(word: str, *, source: object) -> str:
    """
    Key of a category given by key or name; like `require_category` if there is none.

    Examples
    --------
    >>> category_key("小学", source="--category")
    'primary_school'
    """
    key = category_words().get(word)
    if key is None:
        raise InputError(source, f"unknown category {word!r}", do=category_hint(word))
    return key


def category_hint(word: str) -> str:
    """
    A hint that names the categories nearest to a word, by key or name, or every key.

    Examples
    --------
    >>> category_hint("primary school"), category_hint("银行")
    ('did you mean primary_school or Primary school?', 'did you mean 银行营业网点?')
    """
    hint = nearest(word, category_words())
    return hint if hint.endswith("?") else nearest(word, _categories().index)


@functools.cache
def _categories() -> pd.DataFrame:
    file = read_yaml(data_folder("layers") / "facilities" / "categories.yaml")
    table = pd.DataFrame.from_dict(file["categories"], orient="index")
    groups = pd.DataFrame.from_dict(file["groups"], orient="index").add_prefix("group_")
    groups = groups.rename(columns={"group_name_zh": "group_zh", "group_name_en": "group_en"})
    return table.join(groups, on="group").rename_axis("category")
