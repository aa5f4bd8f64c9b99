"""Where flows come from: visits, and imported files with what is needed to undo them exactly."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Base, Identified, Owned, Versioned
from app.db.tables.keys import own_key, within_territory


class Diagnostic(Identified, Owned, Versioned, Base):
    """The flows found at a site on a day, by whom and by which method."""

    __tablename__ = "diagnostic"
    __table_args__ = (own_key(), within_territory("site_id", "site", cascade=True))

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    made_on: Mapped[date]
    author: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    method: Mapped[str] = mapped_column(String(20), default="flash")
    note: Mapped[str] = mapped_column(Text, default="")


class Import(Identified, Owned, Versioned, Base):
    """One imported file: its report, and whether it was undone."""

    __tablename__ = "import"
    __table_args__ = (own_key(),)

    file_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    digest: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    status: Mapped[str] = mapped_column(String(20), default="stored")
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ImportEntry(Identified, Owned, Base):
    """One row that an import created or changed: the columns it set, before and after."""

    __tablename__ = "import_entry"
    __table_args__ = (within_territory("import_id", "import", cascade=True),)

    import_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    position: Mapped[int]
    resource: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    created: Mapped[bool]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ImportRow(Identified, Owned, Base):
    """One row of an imported file as it was read: its cells, what was understood and noticed."""

    __tablename__ = "import_row"
    __table_args__ = (
        within_territory("import_id", "import", cascade=True),
        Index("ix_import_row_import_id_position", "import_id", "position"),
    )

    import_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    sheet: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    row: Mapped[int]
    certainty: Mapped[str] = mapped_column(String(10))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
