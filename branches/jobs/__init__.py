from branches.jobs import batches

__all__ = ["batches"]
