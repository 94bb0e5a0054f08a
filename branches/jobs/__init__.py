from branches.jobs import batch_imports, batches, exports

__all__ = ["batch_imports", "batches", "exports"]
