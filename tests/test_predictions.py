"""A key of any kind names a file of its own."""

from hypothesis import given, settings, strategies as st

from zoo.evaluation.predictions import file_name


@given(st.lists(st.text(max_size=300), min_size=2, max_size=2, unique=True))
@settings(max_examples=300, deadline=2000)
def test_keys_become_file_names(keys: list[str]) -> None:
    one, other = (file_name(key) for key in keys)
    assert one != other
    for name in (one, other):
        assert name.isascii()
        assert name.endswith(".png")
        assert len(name) < 255
        assert not set(name) & set('/\\\0:*?"<>|\n')
        assert name[0] not in ".- "
