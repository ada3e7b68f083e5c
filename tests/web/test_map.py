"""The map shows every economy of the region, the smallest too, and does not cut the Pacific."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.reference import economies
from kitaran.web.boundaries import REPLACEMENT, boundaries
from kitaran.web.boundaries.prepare import prepare, thin
from kitaran.web.maps.figure import STEPS, breaks_below, map_figure, step_of
from kitaran.web.maps.projection import HEIGHT, WIDTH, equal_earth, on_picture
from kitaran.web.maps.shapes import APART, Shapes, shapes

DISCLAIMER = (
    "The boundaries and names shown and the designations used on this map do not imply official endorsement "
    "or acceptance by the United Nations."
)
IN_REGION = tuple(economy for economy in economies() if economy.in_region)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Shapes:
    return shapes(boundaries(tmp_path_factory.mktemp("none")), IN_REGION)


def test_all_58_economies_are_on_the_picture(drawn: Shapes) -> None:
    assert len(drawn.economies) == 58
    assert [shape.economy for shape in drawn.economies if not shape.path and shape.circle is None] == []


def test_small_islands_have_circles_inside_the_frame(drawn: Shapes) -> None:
    circles = {shape.economy: shape.circle for shape in drawn.economies if shape.circle}
    assert {"NRU", "TUV", "NIU", "COK", "MDV", "SGP", "PLW", "MHL"} <= circles.keys()
    assert "CHN" not in circles
    for x, y in circles.values():
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


def test_no_circle_covers_another(drawn: Shapes) -> None:
    centres = [shape.circle for shape in drawn.economies if shape.circle]
    for one, other in itertools.combinations(centres, 2):
        assert math.dist(one, other) > APART - 1.0


def test_the_pacific_is_whole() -> None:
    """Fiji (178 E), Samoa (172 W) and French Polynesia (149 W) follow eastwards."""
    x, _ = on_picture([133.0, 178.0, -172.0, -149.0], [-25.0, -17.8, -13.8, -17.7])
    assert np.all(np.diff(x) > 0)


def test_equal_earth_keeps_areas() -> None:
    """A cell of one degree has the area of the sphere's cell: (sin 61 - sin 60) x 1 degree, in radians."""
    lon, lat = np.meshgrid(np.linspace(100, 101, 201), np.linspace(60, 61, 201))
    x, y = equal_earth(lon, lat)
    ring = np.concatenate(
        [np.stack([x[0], y[0]], 1), np.stack([x[:, -1], y[:, -1]], 1),
         np.stack([x[-1, ::-1], y[-1, ::-1]], 1), np.stack([x[::-1, 0], y[::-1, 0]], 1)]
    )  # fmt: skip
    area = abs(np.dot(ring[:-1, 0], ring[1:, 1]) - np.dot(ring[1:, 0], ring[:-1, 1])) / 2
    assert area == pytest.approx(
        (math.sin(math.radians(61)) - math.sin(math.radians(60))) * math.radians(1), rel=1e-4
    )


def test_equal_earth_agrees_with_its_paper_at_the_equator() -> None:
    """The paper's scale at the equator: x = 2 sqrt(3) / (3 A1) per radian, A1 = 1.340264."""
    x, y = equal_earth([151.0], [0.0])
    assert x[0] == pytest.approx(math.radians(1) * 2 * math.sqrt(3) / (3 * 1.340264))
    assert y[0] == 0


def test_each_shade_stands_for_ten_times_the_last() -> None:
    breaks = breaks_below(1130.0, 5e-4)
    assert breaks == [1.0, 10.0, 100.0, 1000.0]
    assert [step_of(value, breaks, 5e-4) for value in (0.0, 0.5, 1.0, 14.5, 119.0, 1130.0)] == [
        0,
        1,
        2,
        3,
        4,
        STEPS,
    ]
    assert breaks_below(0.0, 5e-4) == []


def test_an_economy_without_a_figure_is_hatched_and_said_so(made: Workspace) -> None:
    row = {"p50": 2.0, "p90": 3.0, "grade": "C"}
    figure = map_figure(made.root, {"THA": row}, "retired_energy", 2035, "THA")
    assert figure.marks["NRU"].step is None
    assert figure.marks["NRU"].label == "Nauru: no figure"
    assert figure.marks["THA"].label == "Thailand: about 2.00\u00a0GWh, grade C"
    assert ("none", "no figure") in figure.legend


def test_the_first_page_carries_map_links_and_disclaimer(site: TestClient) -> None:
    page = site.get("/").text
    assert DISCLAIMER in page
    assert "Natural Earth" in page
    assert 'aria-label="Thailand: about' in page
    assert 'href="/?economy=NRU&amp;year=2035&amp;quantity=retired_energy"' in page


def test_an_office_may_bring_its_own_boundaries(tmp_path: object) -> None:
    root = Workspace.make(tmp_path / "work").root  # type: ignore[operator]
    square = [[100, 10], [105, 10], [105, 15], [100, 15], [100, 10]]
    feature = {
        "type": "Feature",
        "properties": {"iso3cd": "THA"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    content = {"type": "FeatureCollection", "credit": "Survey Department", "features": [feature]}
    (root / REPLACEMENT).write_text(json.dumps(content))
    found = boundaries(root)
    assert [outline.economy for outline in found.outlines] == ["THA"]
    assert found.credit == "Survey Department"


def test_boundaries_that_cannot_be_read_name_the_file_and_the_way_out(tmp_path: object) -> None:
    root = Workspace.make(tmp_path / "work").root  # type: ignore[operator]
    (root / REPLACEMENT).write_text('{"type": "FeatureCollection"}')
    with pytest.raises(InputError, match="features") as raised:
        boundaries(root)
    assert REPLACEMENT in raised.value.place
    assert "delete the file" in raised.value.remedy


def test_thinning_keeps_ends_and_what_stands_out() -> None:
    peak = [(0.0, 0.0), (1.0, 0.51), (2.0, 1.0), (3.0, 0.0)]
    assert thin(peak, 0.1) == [(0.0, 0.0), (2.0, 1.0), (3.0, 0.0)]
    assert thin([(0.0, 0.0), (1.0, 0.01), (2.0, 0.0)], 0.1) == [(0.0, 0.0), (2.0, 0.0)]


def test_prepared_outlines_name_economies_and_join_the_antimeridian() -> None:
    """A TopoJSON of one square across 180 degrees, in whole-number steps of one degree."""
    square = [[177, -18], [6, 0], [0, 4], [-6, 0], [0, -4]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [square],
        "objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[0]], "id": "242"}]}},
    }
    (feature,) = prepare(topology)["features"]
    assert feature["properties"] == {"economy": "FJI"}
    longitudes = [x for x, _ in feature["geometry"]["coordinates"][0][0]]
    assert (min(longitudes), max(longitudes)) == (177, 183)
