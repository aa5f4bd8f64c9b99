"""The rules of who sees what as SQLAlchemy takes them: criteria for every class that a statement names."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from inspect import isfunction
from typing import Any

from sqlalchemy import false
from sqlalchemy.orm import LoaderCriteriaOption, with_loader_criteria

from app.db import rules
from app.db.base import Account, Owned, Personal
from app.db.principal import Principal
from app.db.tables import AuditEntry, Teaser, Territory


def sees_all_of(principal: Principal) -> bool:
    """Tell whether all a principal sees is told by its territories: staff, and no mandate withheld."""
    return not (principal.company_ids or principal.withheld or principal.observed)


# Kept for as many principals at once: to build them takes longer than most reads.
@lru_cache(maxsize=1024)
def criteria_of(principal: Principal) -> tuple[Any, ...]:
    """Return what is added to each statement of a principal."""
    if sees_all_of(principal):
        return tuple(_criterion(cls, rule) for cls, rule in _of_staff(principal))
    return tuple(
        _criterion(mapped, rules.condition(mapped, principal))
        for mapped in rules.mapped_classes()
        if not (principal.is_operator and (mapped is Territory or issubclass(mapped, Account)))
    )


def _of_staff(principal: Principal) -> tuple[tuple[type[Any], Callable[[Any], Any]], ...]:
    """Return the few rules that say the same as ``rules`` for staff from whom nothing is withheld."""
    territory_ids = sorted(principal.territory_ids)
    subject = principal.subject
    found: list[tuple[type[Any], Callable[[Any], Any]]] = [
        (Owned, lambda cls: cls.territory_id.in_(territory_ids)),
        (Personal, lambda cls: cls.subject == subject),
        (Teaser, lambda cls: false()),
        (AuditEntry, lambda cls: cls.territory_id.in_(territory_ids)),
    ]
    if not principal.is_operator:
        found += [(Territory, lambda cls: cls.id.in_(territory_ids)), (Account, lambda cls: false())]
    return tuple(found)


class _Criterion(LoaderCriteriaOption):
    """A criterion given as a condition, which SQLAlchemy leaves on the class where a join names an alias."""

    # Statements are kept by what the criterion says, as the parent's are.
    _cache_key_traversal = LoaderCriteriaOption._traverse_internals
    inherit_cache = True

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        found = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(found) if ext_info.is_aliased_class else found


def _criterion(cls: type[Any], rule: Any) -> Any:
    make = with_loader_criteria if isfunction(rule) else _Criterion
    return make(cls, rule, include_aliases=True, propagate_to_loaders=False)
