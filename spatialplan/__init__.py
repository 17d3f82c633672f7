"""
From the words of a city's plan and its streets to numbers that can be defended.

Every public name is here and is loaded when it is first used, so that importing
the package costs next to nothing:

>>> import spatialplan as sp
>>> [(part.count, part.role) for part in sp.parse_phrase("一主三副").parts]
[(1, 'main'), (3, 'sub')]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from . import errors as errors
from ._version import __version__ as __version__

if TYPE_CHECKING:
    from .access import distance_to_nearest as distance_to_nearest
    from .access import straight_distance as straight_distance
    from .access import time_to_nearest as time_to_nearest
    from .access import travel_matrix as travel_matrix
    from .base import Base as Base
    from .base import read_base as read_base
    from .base import write_base as write_base
    from .bulk import write_travel_matrix as write_travel_matrix
    from .cartography import data_table as data_table
    from .cartography import file_tiles as file_tiles
    from .cartography import frame_content as frame_content
    from .cartography import grid_layer as grid_layer
    from .cartography import map_content as map_content
    from .cartography import online_tiles as online_tiles
    from .cartography import vector_layer as vector_layer
    from .cartography import with_tiles as with_tiles
    from .catchments import balanced_catchment as balanced_catchment
    from .catchments import crowdedness as crowdedness
    from .catchments import floating_catchment as floating_catchment
    from .catchments import modified_catchment as modified_catchment
    from .catchments import multimodal_catchment as multimodal_catchment
    from .catchments import spatial_availability as spatial_availability
    from .catchments import three_step_catchment as three_step_catchment
    from .closures import closure_change as closure_change
    from .closures import closure_losses as closure_losses
    from .comparison import comparison_content as comparison_content
    from .comparison import coverage_changes as coverage_changes
    from .comparison import scenario as scenario
    from .coverage import coverage_share as coverage_share
    from .coverage_map import coverage_content as coverage_content
    from .detour import detour_index as detour_index
    from .detour import nearest_detour as nearest_detour
    from .draft import draft_plan as draft_plan
    from .draft import read_document as read_document
    from .draft import write_draft as write_draft
    from .export import write_table as write_table
    from .gis import write_gis as write_gis
    from .hierarchy import breaking_point as breaking_point
    from .hierarchy import centrality as centrality
    from .hierarchy import entropy_weights as entropy_weights
    from .hierarchy import gravity_links as gravity_links
    from .hierarchy import huff as huff
    from .hierarchy import market_areas as market_areas
    from .hierarchy import max_flow_tree as max_flow_tree
    from .hierarchy import patronage as patronage
    from .hierarchy import primacy as primacy
    from .hierarchy import rank_size as rank_size
    from .hierarchy import reilly_ratio as reilly_ratio
    from .hierarchy import tiers as tiers
    from .judgement import assess as assess
    from .judgement import service as service
    from .judgement import switched as switched
    from .network import Network as Network
    from .opportunities import balancing_cost as balancing_cost
    from .opportunities import cumulative_opportunities as cumulative_opportunities
    from .opportunities import gravity_access as gravity_access
    from .opportunities import nearest_facilities as nearest_facilities
    from .opportunities import passive_accessibility as passive_accessibility
    from .page_graph import walk_graph as walk_graph
    from .places import read_boundaries as read_boundaries
    from .places import read_facilities as read_facilities
    from .plan import Plan as Plan
    from .plan import check_plan as check_plan
    from .plan import cnmaps_boundaries as cnmaps_boundaries
    from .plan import gazetteer_faults as gazetteer_faults
    from .plan import list_plans as list_plans
    from .plan import read_gazetteer as read_gazetteer
    from .plan import read_plan as read_plan
    from .plan_map import plan_content as plan_content
    from .population import read_population as read_population
    from .prepare import prepare_base as prepare_base
    from .proximity import mean_proximity as mean_proximity
    from .proximity import nearest_by_category as nearest_by_category
    from .proximity import people_means as people_means
    from .proximity import proximity_score as proximity_score
    from .proximity import reached_categories as reached_categories
    from .reach import isochrone as isochrone
    from .reach import reached_streets as reached_streets
    from .register import register_table as register_table
    from .register import register_text as register_text
    from .report import report_facts as report_facts
    from .report import write_findings as write_findings
    from .sheet import draw_atlas as draw_atlas
    from .sheet import draw_sheet as draw_sheet
    from .sheet import write_sheet as write_sheet
    from .shortfall import gaps as gaps
    from .shortfall import worst_areas as worst_areas
    from .standard import Standard as Standard
    from .standard import list_standards as list_standards
    from .standard import read_standard as read_standard
    from .streets import read_streets as read_streets
    from .structure import agreement as agreement
    from .structure import axis_graph as axis_graph
    from .structure import settlement_graph as settlement_graph
    from .structure import tier_graph as tier_graph
    from .surroundings import category_checklist as category_checklist
    from .surroundings import clause_checklist as clause_checklist
    from .surroundings import scene_of as scene_of
    from .surroundings import spot_at as spot_at
    from .travel import Decay as Decay
    from .travel import cumulative_decay as cumulative_decay
    from .travel import epanechnikov_decay as epanechnikov_decay
    from .travel import exponential_decay as exponential_decay
    from .travel import gaussian_decay as gaussian_decay
    from .travel import interval_decay as interval_decay
    from .travel import linear_decay as linear_decay
    from .travel import logistic_decay as logistic_decay
    from .travel import power_decay as power_decay
    from .travel import step_decay as step_decay
    from .travel import street_travel as street_travel
    from .travel import table_travel as table_travel
    from .travel import truncated_gaussian_decay as truncated_gaussian_decay
    from .vocabulary import parse_phrase as parse_phrase
    from .vocabulary import parse_value as parse_value
    from .webmap import draw_map as draw_map
    from .webmap import folium_map as folium_map
    from .webmap import folium_page as folium_page
    from .webmap import write_map as write_map

# The imports above, for the running program; a test holds the two together.
_HOMES = {
    "access": ["distance_to_nearest", "straight_distance", "time_to_nearest", "travel_matrix"],
    "base": ["Base", "read_base", "write_base"],
    "bulk": ["write_travel_matrix"],
    "cartography": [
        "data_table",
        "file_tiles",
        "frame_content",
        "grid_layer",
        "map_content",
        "online_tiles",
        "vector_layer",
        "with_tiles",
    ],
    "catchments": [
        "balanced_catchment",
        "crowdedness",
        "floating_catchment",
        "modified_catchment",
        "multimodal_catchment",
        "spatial_availability",
        "three_step_catchment",
    ],
    "closures": ["closure_change", "closure_losses"],
    "comparison": ["comparison_content", "coverage_changes", "scenario"],
    "coverage": ["coverage_share"],
    "coverage_map": ["coverage_content"],
    "detour": ["detour_index", "nearest_detour"],
    "draft": ["draft_plan", "read_document", "write_draft"],
    "export": ["write_table"],
    "gis": ["write_gis"],
    "hierarchy": [
        "breaking_point",
        "centrality",
        "entropy_weights",
        "gravity_links",
        "huff",
        "market_areas",
        "max_flow_tree",
        "patronage",
        "primacy",
        "rank_size",
        "reilly_ratio",
        "tiers",
    ],
    "judgement": ["assess", "service", "switched"],
    "network": ["Network"],
    "opportunities": [
        "balancing_cost",
        "cumulative_opportunities",
        "gravity_access",
        "nearest_facilities",
        "passive_accessibility",
    ],
    "page_graph": ["walk_graph"],
    "places": ["read_boundaries", "read_facilities"],
    "plan": [
        "Plan",
        "check_plan",
        "cnmaps_boundaries",
        "gazetteer_faults",
        "list_plans",
        "read_gazetteer",
        "read_plan",
    ],
    "plan_map": ["plan_content"],
    "population": ["read_population"],
    "prepare": ["prepare_base"],
    "proximity": [
        "mean_proximity",
        "nearest_by_category",
        "people_means",
        "proximity_score",
        "reached_categories",
    ],
    "reach": ["isochrone", "reached_streets"],
    "register": ["register_table", "register_text"],
    "report": ["report_facts", "write_findings"],
    "sheet": ["draw_atlas", "draw_sheet", "write_sheet"],
    "shortfall": ["gaps", "worst_areas"],
    "standard": ["Standard", "list_standards", "read_standard"],
    "streets": ["read_streets"],
    "structure": ["agreement", "axis_graph", "settlement_graph", "tier_graph"],
    "surroundings": ["category_checklist", "clause_checklist", "scene_of", "spot_at"],
    "travel": [
        "Decay",
        "cumulative_decay",
        "epanechnikov_decay",
        "exponential_decay",
        "gaussian_decay",
        "interval_decay",
        "linear_decay",
        "logistic_decay",
        "power_decay",
        "step_decay",
        "street_travel",
        "table_travel",
        "truncated_gaussian_decay",
    ],
    "vocabulary": ["parse_phrase", "parse_value"],
    "webmap": ["draw_map", "folium_map", "folium_page", "write_map"],
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = ["__version__", "errors", *_HOME_OF]  # noqa: PLE0604 - they are strings


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(importlib.import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
