"""Games of the literature, one paper a file; each lowers itself to plain data with ``to_game()``.

The classes are imported when they are first used: ``gametheory.models.DirectTrading``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gametheory.models.benefit_sharing import BenefitSharing as BenefitSharing
    from gametheory.models.bilateral_market import BilateralMarket as BilateralMarket
    from gametheory.models.bilevel_pricing import BilevelPricing as BilevelPricing
    from gametheory.models.contract_network import ContractNetwork as ContractNetwork
    from gametheory.models.cournot import Cournot as Cournot
    from gametheory.models.day_ahead_bid import DayAheadBid as DayAheadBid
    from gametheory.models.direct_trading import DirectTrading as DirectTrading
    from gametheory.models.distribution_operator import DistributionOperator as DistributionOperator
    from gametheory.models.dual_clearing import DualClearing as DualClearing
    from gametheory.models.energy_sharing import EnergySharing as EnergySharing
    from gametheory.models.energy_tokens import EnergyTokens as EnergyTokens
    from gametheory.models.ev_charging import EVCharging as EVCharging
    from gametheory.models.information_gap import InformationGap as InformationGap
    from gametheory.models.iterative_auction import IterativeAuction as IterativeAuction
    from gametheory.models.kelly import KellyAllocation as KellyAllocation
    from gametheory.models.loans import Loans as Loans
    from gametheory.models.microgrid_operator import MicrogridOperator as MicrogridOperator
    from gametheory.models.motivation import Motivation as Motivation
    from gametheory.models.multi_energy import MultiEnergy as MultiEnergy
    from gametheory.models.multi_microgrid import MultiMicrogrid as MultiMicrogrid
    from gametheory.models.operator_pricing import OperatorPricing as OperatorPricing
    from gametheory.models.pooled_community import PooledCommunity as PooledCommunity
    from gametheory.models.price_selection import PriceSelection as PriceSelection
    from gametheory.models.proportional_allocation import ProportionalAllocation as ProportionalAllocation
    from gametheory.models.repeated_demand_response import RepeatedDemandResponse as RepeatedDemandResponse
    from gametheory.models.replicator import Replicator as Replicator
    from gametheory.models.retailer import Retailer as Retailer
    from gametheory.models.reverse_auction import ReverseAuction as ReverseAuction
    from gametheory.models.robust_aggregator import RobustAggregator as RobustAggregator
    from gametheory.models.storage_auction import StorageAuction as StorageAuction
    from gametheory.models.storage_coalition import StorageCoalition as StorageCoalition
    from gametheory.models.storage_operator import StorageOperator as StorageOperator
    from gametheory.models.storage_sharing import StorageSharing as StorageSharing
    from gametheory.models.strategic_aggregator import StrategicAggregator as StrategicAggregator
    from gametheory.models.trading_agents import TradingAgents as TradingAgents
    from gametheory.models.trading_losses import LossyTrade as LossyTrade
    from gametheory.models.usage_charge import UsageCharge as UsageCharge
    from gametheory.models.utility_companies import UtilityCompanies as UtilityCompanies
    from gametheory.models.worst_distribution import WorstDistribution as WorstDistribution

#: Class -> module of this folder.
_MODELS: dict[str, str] = {
    "TradingAgents": "trading_agents",
    "IterativeAuction": "iterative_auction",
    "ContractNetwork": "contract_network",
    "KellyAllocation": "kelly",
    "BilateralMarket": "bilateral_market",
    "BilevelPricing": "bilevel_pricing",
    "DualClearing": "dual_clearing",
    "LossyTrade": "trading_losses",
    "WorstDistribution": "worst_distribution",
    "DayAheadBid": "day_ahead_bid",
    "InformationGap": "information_gap",
    "BenefitSharing": "benefit_sharing",
    "ReverseAuction": "reverse_auction",
    "RobustAggregator": "robust_aggregator",
    "EnergyTokens": "energy_tokens",
    "StorageOperator": "storage_operator",
    "StorageSharing": "storage_sharing",
    "MultiMicrogrid": "multi_microgrid",
    "UsageCharge": "usage_charge",
    "Loans": "loans",
    "ProportionalAllocation": "proportional_allocation",
    "Motivation": "motivation",
    "MultiEnergy": "multi_energy",
    "PriceSelection": "price_selection",
    "Replicator": "replicator",
    "Retailer": "retailer",
    "DistributionOperator": "distribution_operator",
    "StrategicAggregator": "strategic_aggregator",
    "UtilityCompanies": "utility_companies",
    "Cournot": "cournot",
    "EVCharging": "ev_charging",
    "DirectTrading": "direct_trading",
    "EnergySharing": "energy_sharing",
    "MicrogridOperator": "microgrid_operator",
    "OperatorPricing": "operator_pricing",
    "PooledCommunity": "pooled_community",
    "RepeatedDemandResponse": "repeated_demand_response",
    "StorageAuction": "storage_auction",
    "StorageCoalition": "storage_coalition",
}

__all__ = sorted(_MODELS)


def __getattr__(name: str) -> Any:
    if name not in _MODELS:
        raise AttributeError(f"module 'gametheory.models' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(f"gametheory.models.{_MODELS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
