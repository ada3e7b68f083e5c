"""Figures of the user: a workbook to fill in, its faults in place, a comparison, a way in and out again."""

from kitaran.reference.own_data.acceptance import Accepted, accept, accepted, remove
from kitaran.reference.own_data.comparison import Compared, compare, on_trial
from kitaran.reference.own_data.faults import CellFault, UploadError
from kitaran.reference.own_data.template import template
from kitaran.reference.own_data.upload import OwnRow, Upload, read_upload, upload_id
from kitaran.reference.own_data.workbook import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "Accepted",
    "CellFault",
    "Compared",
    "OwnRow",
    "Upload",
    "UploadError",
    "accept",
    "accepted",
    "compare",
    "on_trial",
    "read_upload",
    "remove",
    "template",
    "upload_id",
]
