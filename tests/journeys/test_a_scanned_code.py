"""A code is found by the camera where the browser can, and otherwise by a photo or by typing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from kitaran.registry.identity import qr
from tests.journeys.conftest import Visits
from tests.journeys.test_accessibility import violations

pytestmark = pytest.mark.journey
CODE = "(01)09506000134352(21)DX1"

A_BROWSER_THAT_READS_CODES = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code", "pdf417"]; }
  constructor(options) { window.asked = options.formats; this.looks = 0; }
  async detect() { return ++this.looks < 3 ? [] : [{ rawValue: "(01)09506000134352(21)DX1" }]; }
};
HTMLMediaElement.prototype.play = async function () {};
"""
A_CAMERA = """
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""
NO_CAMERA = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };
"""


def test_the_camera_opens_what_a_code_says(visit: Visits) -> None:
    one = visit(width=390)
    one.page.add_init_script(A_BROWSER_THAT_READS_CODES + A_CAMERA)
    page = one.open("/scan")
    assert violations(page) == ""
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("heading", name="GS1 code")).to_be_visible()
    expect(page.get_by_label("Or type the code")).to_have_value(CODE)
    assert violations(page) == ""
    assert one.complaints == []


def test_a_camera_that_is_refused_says_what_else_to_do(visit: Visits) -> None:
    one = visit(width=390)
    one.page.add_init_script(A_BROWSER_THAT_READS_CODES + NO_CAMERA)
    page = one.open("/scan")
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("status")).to_contain_text("Take a photo instead")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_browser_that_reads_no_codes_sends_a_photo(visit: Visits, tmp_path: Path, scripts: bool) -> None:
    label = tmp_path / "label.png"
    label.write_bytes(qr.png(CODE))
    one = visit(width=390, scripts=scripts)
    page = one.open("/scan")
    expect(page.get_by_role("button", name="Use the camera")).to_be_hidden()
    page.get_by_label("Photo of the label").set_input_files(label)
    page.get_by_role("button", name="Read the photo").click()
    expect(page.get_by_role("heading", name="GS1 code")).to_be_visible()
    assert one.complaints == []
