"""How often the flows of a territory have changed, for what is kept of them in memory."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Owned


class FlowRevision(Identified, Owned, Base):
    """Raised in the transaction of each change of a territory's flows or sites."""

    __tablename__ = "flow_revision"
    __table_args__ = (UniqueConstraint("territory_id"),)

    number: Mapped[int] = mapped_column(default=0)
