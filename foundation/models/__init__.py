from foundation.models.audit import AuditEntry
from foundation.models.encryption import EncryptedTextField
from foundation.models.files import StoredFile
from foundation.models.jobs import Job

__all__ = ["AuditEntry", "EncryptedTextField", "Job", "StoredFile"]
