import pytest

from activities.rules.citations import cited_in_english


@pytest.mark.parametrize("article", ["", "第条", "第一二条", "第十章", "附则"])
def test_what_is_not_known_stays_as_it_is(article: str) -> None:
    assert cited_in_english("《本级实施办法》", article) == ", ".join(filter(None, ["《本级实施办法》", article]))


@pytest.mark.parametrize(
    ("article", "number"),
    [("第一条", 1), ("第九条", 9), ("第十条", 10), ("第十五条", 15), ("第二十条", 20), ("第三十七条", 37)],
)
def test_articles_are_numbered(article: str, number: int) -> None:
    assert cited_in_english("各地通行做法", article) == f"Common practice, article {number}"
