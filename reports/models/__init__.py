from reports.models.schemes import Indicator, Scheme, Section
from reports.models.sheets import Score, Sheet

__all__ = ["Indicator", "Scheme", "Score", "Section", "Sheet"]
