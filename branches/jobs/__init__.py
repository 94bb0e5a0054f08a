from branches.jobs import batch_imports, batches

__all__ = ["batch_imports", "batches"]
