"""What may be asked of a layer; a name that is not listed is refused, as OGC API – Features wants it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.services.statuses import Status
from matching.model import Direction, Kind

DEFAULT_LIMIT = 100
# More than this is answered with as many as this, and a link to the rest.
LARGEST_LIMIT = 1000

Text = Annotated[str, Field(max_length=300)]


class Asked(BaseModel):
    """What every address takes."""

    model_config = ConfigDict(extra="forbid")

    f: Literal["json"] = Field("json", description="Format de la réponse : JSON seulement")


class ItemsAsked(Asked):
    """Which features of a layer."""

    limit: Annotated[int, Field(ge=1, json_schema_extra={"maximum": LARGEST_LIMIT})] = Field(
        DEFAULT_LIMIT, description="Nombre d’objets par page"
    )
    bbox: Text | None = Field(None, description="ouest,sud,est,nord en degrés WGS 84 (CRS84)")
    datetime: Text | None = Field(
        None, description="Date ou intervalle RFC 3339 ; ces objets n’ont pas de date : tous conviennent"
    )
    cursor: Annotated[str, Field(max_length=500)] | None = Field(
        None, description="Suite de la liste, donnée par le lien « next »"
    )
    territory: Annotated[str, Field(max_length=36)] | None = Field(
        None, description="Identifiant d’un territoire"
    )

    @property
    def equal(self) -> dict[str, Any]:
        """The properties asked, with their value."""
        given = self.model_dump(exclude_none=True, exclude=set(ItemsAsked.model_fields), mode="json")
        return given | ({"territory_id": self.territory} if self.territory else {})

    @property
    def rows(self) -> int:
        """How many features a page holds."""
        return min(self.limit, LARGEST_LIMIT)


class SitesAsked(ItemsAsked):
    """Which sites."""

    name: Text | None = None
    siret: Text | None = None
    activity_code: Text | None = None
    postcode: Text | None = None
    city: Text | None = None


class FlowsAsked(ItemsAsked):
    """Which flows."""

    site_id: Text | None = None
    direction: Direction | None = None
    kind: Kind | None = None
    waste_code: Text | None = None
    resource: Text | None = None


class SynergiesAsked(ItemsAsked):
    """Which synergies."""

    kind: Literal["substitution", "mutualisation", "loop"] | None = None
    form: Text | None = None
    status: Status | None = None
    resource: Text | None = None
    stale: bool | None = None
