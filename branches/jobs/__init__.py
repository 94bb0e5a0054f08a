from branches.jobs import batches, exports, roster_imports

__all__ = ["batches", "exports", "roster_imports"]
