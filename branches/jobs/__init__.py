from branches.jobs import rosters

__all__ = ["rosters"]
