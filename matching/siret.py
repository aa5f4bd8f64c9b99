"""The check digit of French establishment numbers."""

from __future__ import annotations

# INSEE: La Poste's establishments (SIREN 356000000) follow a sum of digits that is a multiple of five.
LA_POSTE = "356000000"


def siret_is_valid(siret: str) -> bool:
    """Tell whether ``siret`` has 14 digits that satisfy the Luhn key (or La Poste's own rule)."""
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0:
        return True
    doubled = [int(digit) * (2 if position % 2 == 0 else 1) for position, digit in enumerate(siret)]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0
