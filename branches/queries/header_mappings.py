"""The columns of headers as they were corrected for earlier files."""

from __future__ import annotations

from branches.models import HeaderMapping, Organisation


def remembered_columns(organisation: Organisation, subject: str) -> dict[str, dict[str, int]]:
    """The column of each field by the header's shape, as somebody in the tree of `organisation` chose it."""
    mappings = HeaderMapping.objects.filter(organisation=organisation.get_root(), subject=subject)
    return dict(mappings.values_list("shape", "columns"))
