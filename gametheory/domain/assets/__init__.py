"""What a prosumer may own besides a load: one asset a file, each a frozen dataclass of validated exact parameters."""

from gametheory.domain.assets.battery import Battery
from gametheory.domain.assets.electric_vehicle import ElectricVehicle
from gametheory.domain.assets.flexible_load import FlexibleLoad
from gametheory.domain.assets.hvac import HVAC
from gametheory.domain.assets.pv import PV

__all__ = ["HVAC", "PV", "Battery", "ElectricVehicle", "FlexibleLoad"]
