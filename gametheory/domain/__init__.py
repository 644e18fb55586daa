"""The energy park: members, assets, tariffs, hours and grids in kWh, kW, money and h. Knows no games."""

from gametheory.domain.community import Community
from gametheory.domain.horizon import Horizon
from gametheory.domain.network import Line, Network
from gametheory.domain.outcome import Settlement
from gametheory.domain.prosumer import Prosumer
from gametheory.domain.series import Series
from gametheory.domain.tariff import Price, Tariff

__all__ = ["Community", "Horizon", "Line", "Network", "Price", "Prosumer", "Series", "Settlement", "Tariff"]
