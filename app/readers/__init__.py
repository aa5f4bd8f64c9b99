"""Files in, however messy: cells to flows, with findings by row."""

from app.readers.reading import read_table
from app.readers.result import Finding, ReadResult
from app.readers.template import write_template
from app.readers.untrusted import read_untrusted

__all__ = ["Finding", "ReadResult", "read_table", "read_untrusted", "write_template"]
