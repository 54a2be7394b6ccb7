"""The ground plans of butterflies: data only, see ``ground_plan.py``."""

from __future__ import annotations

from wunderkammer.testing.specimens.ground_plan import Plan

BUTTERFLIES = (
    Plan(
        "swallowtail",
        (
            "d8bd5a f0dd92 1b1815 4c79c4 c8452c f7ecbc ecd88f 2a241c",
            "cfd9b8 e4ead0 1d2020 3d86a8 d8683a f4f6e2 dfe3c4 26261f",
            "2a5f58 3fae97 10161a 57c9c4 e06b4a d9f3e2 8a7f5a 171a1a",
        ),
        {
            "apex_deg": (35, 40), "tornus_deg": (-9, -5), "tornus_length": (0.62, 0.7),
            "falcate": (-0.07, -0.02), "termen": (0.0, 0.05), "hind_length": (0.78, 0.84),
            "hind_anal": (0.9, 1.0), "scallop": (0.022, 0.032), "tail": (0.2, 0.32),
            "clubbed": (0, 1), "vein_dark": (0.8, 1), "vein_width": (0.005, 0.008),
            "fore_margin": (0.13, 0.17), "fore_spots": (1, 1.4), "fore_spot_size": (0.018, 0.026),
            "hind_margin": (0.15, 0.2), "hind_spots": (1, 1.4), "hind_spot_size": (0.022, 0.03),
            "fore_bars": (0.8, 1), "lunules": (0.7, 1), "lunule_at": (0.11, 0.14),
            "suffusion": (0.5, 0.8), "hind_eyes": (0.9, 1.2), "hind_eye_size": (0.045, 0.055),
            "size": (0.97, 1.05),
        },
    ),
    Plan(
        "tiger",
        (
            "c9601f e0812c 17100e f0a848 d95f1c fff2da e2a35a 1b1412",
            "a8461d c9632a 1a0f0c e8923a b84a1e fbe6c6 c98b55 20130f",
            "dfb53b edc956 1d1610 f6dc86 e59a2a fff6d8 e3c67e 241b12",
        ),
        {
            "apex_deg": (31, 35), "tornus_length": (0.6, 0.68), "falcate": (-0.1, -0.05),
            "vein_dark": (0.95, 1), "vein_width": (0.014, 0.02), "fore_margin": (0.12, 0.16),
            "hind_margin": (0.1, 0.14), "fore_spots": (2, 2.4), "fore_spot_size": (0.013, 0.018),
            "hind_spots": (2, 2.4), "hind_spot_size": (0.012, 0.016), "apex_patch": (0.8, 1),
            "fore_cells": (0, 0.25), "suffusion": (0.0, 0.15), "body_width": (0.1, 0.12),
        },
    ),
    Plan(
        "blue",
        (
            "123a86 2f7fe0 0a0c14 6db4ff e8f2ff eef6ff 6b4b33 14161e",
            "0f5560 1fa5b8 08100f 7fe3e6 e8fffb f0fffb 5b4a38 101817",
            "3a2a86 6a5ae0 0d0a14 b3a4ff f2eaff f6f0ff 5e4838 17141e",
        ),
        {
            "apex_deg": (35, 39), "tornus_length": (0.74, 0.82), "termen": (-0.06, 0.02),
            "hind_length": (0.82, 0.88), "hind_bulge": (1.04, 1.1), "scallop": (0.008, 0.018),
            "sheen": (0.8, 1), "suffusion": (0.5, 0.8), "suffusion_reach": (0.3, 0.45),
            "fore_margin": (0.08, 0.16), "hind_margin": (0.06, 0.1), "fore_spots": (1, 1.8),
            "fore_spot_size": (0.01, 0.018), "hind_spots": (0.4, 1.2), "apex_patch": (0.5, 1),
            "fore_band": (0, 0.5), "vein_dark": (0.25, 0.4), "body_width": (0.1, 0.13),
            "size": (1, 1.06),
        },
    ),
    Plan(
        "brown",
        (
            "6a4527 93683d 3a2617 c99a55 e0a13a f4ead0 a98b63 4a3523",
            "4a3a30 6f5a49 2a2019 b58c5f d98b3c efe6d6 9a8a72 3a2e25",
            "8c5a24 bb8238 3f2815 e3b566 e7b04a fbf0d4 c9a86a 5a4023",
        ),
        {
            "apex_deg": (32, 37), "apex_round": (9, 13), "termen": (0.08, 0.14),
            "scallop": (0.006, 0.02), "suffusion": (0.3, 0.6), "fore_eyes": (1, 2.4),
            "fore_eye_size": (0.052, 0.075), "hind_eyes": (2.2, 4.4),
            "hind_eye_size": (0.044, 0.064), "fore_band": (0.5, 1), "fore_band_at": (0.68, 0.76),
            "fore_band_width": (0.1, 0.14), "hind_band": (0.4, 0.9), "hind_band_at": (0.68, 0.76),
            "hind_band_width": (0.09, 0.13), "lines": (0.4, 0.9), "hind_lines": (0.2, 0.6),
            "size": (0.88, 0.96),
        },
    ),
    Plan(
        "longwing",
        (
            "1a1311 181211 0d0a0a d8382c f0cf45 fbf3d2 3a2a22 15100f",
            "161a26 141826 0a0b10 f0d24c d84a30 fff6d6 3a3430 12131a",
            "26160f 23140e 0f0a08 f08a2c f6d76a fff0cf 5a3c28 18100c",
        ),
        {
            "apex_deg": (24, 29), "tornus_deg": (-12, -8), "tornus_length": (0.5, 0.57),
            "costa": (0.07, 0.1), "falcate": (0.05, 0.1), "termen": (0.14, 0.2),
            "apex_round": (9, 13), "hind_length": (0.6, 0.66), "hind_width": (1.04, 1.12),
            "hind_anal": (0.74, 0.82), "hind_bulge": (0.9, 0.98), "hind_apex_deg": (-8, -2),
            "fore_band": (0.9, 1), "fore_band_at": (0.58, 0.7), "fore_band_width": (0.1, 0.16),
            "fore_band_lean": (0.1, 0.35), "rays": (0, 1), "hind_band": (0, 1),
            "hind_band_at": (0.38, 0.5), "sheen": (0.1, 0.35), "suffusion": (0, 0.2),
            "body_width": (0.075, 0.09), "body_length": (0.74, 0.82), "antenna": (0.55, 0.65),
        },
    ),
    Plan(
        "white",
        (
            "d8d6c4 fbf8ea 2b2624 fff7d8 ee8a2a ffffff e8e3bc 4c4842",
            "e2c84a f6e06a 2e2620 fff2a8 f0822a fffbe0 ddd07a 5a5138",
            "c9d6c0 eef3e4 3a4038 e8f6d8 e8b23a ffffff cfd8b4 4a5046",
        ),
        {
            "apex_deg": (33, 38), "tornus_length": (0.68, 0.75), "apex_round": (9, 13),
            "termen": (0.1, 0.16), "hind_bulge": (1.05, 1.12), "hind_round": (16, 20),
            "vein_dark": (0.05, 0.5), "suffusion": (0.3, 0.7), "suffusion_reach": (0.18, 0.3),
            "apex_patch": (0.4, 1), "apex_reach": (0.66, 0.8), "tip": (0, 1),
            "fore_margin": (0.015, 0.05), "hind_margin": (0.01, 0.03), "kidney": (0.4, 1),
            "fringe": (0.1, 0.3), "size": (0.82, 0.92), "streaks": (0.03, 0.07),
        },
    ),
    Plan(
        "gossamer",
        (
            "4a63b8 7a9aea 1f2233 a9c4ff f08a38 ffffff c9c4ba 39405a",
            "8a3a1c d8642a 2a1712 f2974e f2c04a fff0dc d0b48a 4a2a1e",
            "2c6a58 4fb08c 16241f 8fe0bc f0a048 f6fff6 b5b59a 2a4038",
        ),
        {
            "apex_deg": (34, 39), "tornus_length": (0.72, 0.8), "termen": (0.06, 0.12),
            "hind_length": (0.74, 0.8), "hind_bulge": (1.04, 1.1), "tail": (0, 0.14),
            "tail_width": (0.014, 0.02), "tail_at": (4.6, 5.4), "sheen": (0.4, 0.7),
            "suffusion": (0.4, 0.6), "fore_margin": (0.03, 0.07), "hind_margin": (0.025, 0.045),
            "lunules": (0.4, 1), "lunule_at": (0.05, 0.07), "hind_spots": (1, 1.2),
            "hind_spot_size": (0.012, 0.018), "fringe": (0.9, 1), "size": (0.7, 0.78),
            "body_width": (0.14, 0.17), "hind_dots": (0, 0.7), "kidney": (0.2, 0.8),
        },
    ),
    Plan(
        "admiral",
        (
            "2c211d 392a24 15100e fbf7ea e0762c ffffff a8633a 1f1815",
            "26303a 33424f 101418 e9f4f4 d84a3a ffffff 8a6a50 181c20",
            "3a2418 4c3020 180f0a f3a43c e8c46a fff3d8 b07a42 261811",
        ),
        {
            "apex_deg": (34, 39), "tornus_length": (0.66, 0.73), "falcate": (-0.1, -0.04),
            "termen": (-0.02, 0.06), "scallop": (0.014, 0.026), "fore_band": (1, 1),
            "fore_band_at": (0.56, 0.64), "fore_band_width": (0.07, 0.11), "hind_band": (1, 1),
            "hind_band_at": (0.5, 0.6), "hind_band_width": (0.08, 0.13), "fore_spots": (1, 2),
            "fore_spot_size": (0.01, 0.015), "lunules": (0.6, 1), "lunule_at": (0.08, 0.11),
            "fringe": (0.7, 1), "sheen": (0, 0.4), "size": (0.92, 1),
        },
    ),
    Plan(
        "birdwing",
        (
            "141712 171b14 0c0d0a 46b457 e8bb2e f0e6a0 23382a 1d1a12",
            "171410 1b1812 0d0b08 f0be2c f4d255 fff2b4 4a3a1c 221b10",
            "11151c 141a24 090b10 3f86d0 56c6c0 d8f0f4 22303c 14161c",
        ),
        {
            "apex_deg": (30, 34), "tornus_deg": (-12, -8), "tornus_length": (0.54, 0.6),
            "costa": (0.09, 0.12), "falcate": (-0.06, 0.02), "termen": (0.02, 0.08),
            "hind_length": (0.68, 0.74), "hind_width": (0.86, 0.94), "hind_anal": (0.94, 1.02),
            "hind_bulge": (1.02, 1.08), "scallop": (0.012, 0.022), "rays": (0.7, 1),
            "fore_cells": (0.5, 0.9), "hind_cells": (0.95, 1), "hind_margin": (0.06, 0.1),
            "hind_dots": (0.7, 1), "sheen": (0.3, 0.6), "vein_dark": (0.8, 1),
            "vein_width": (0.01, 0.014), "body_length": (0.86, 0.95), "body_width": (0.13, 0.15),
            "size": (1.04, 1.1),
        },
    ),
    Plan(
        "peacock",
        (
            "6a2a1c b04a2a 1d1412 e0b24a 5a78c8 f6e2b4 4a3a30 3a241c",
            "5a3a20 c07a30 20160f f0cc6a 5aa0b8 fff0c8 5a4832 3a281a",
            "3a3a52 7a6aa8 15131c d8b0d8 f0b050 f6e8f6 4a4450 28262f",
        ),
        {
            "apex_deg": (34, 39), "falcate": (-0.14, -0.08), "termen": (-0.06, 0.02),
            "tornus_length": (0.66, 0.72), "scallop": (0.022, 0.036), "tail": (0.03, 0.07),
            "tail_width": (0.05, 0.07), "discal_eye": (0.7, 1), "fore_eye_size": (0.11, 0.14),
            "hind_discal_eye": (0.8, 1), "hind_eye_size": (0.09, 0.12), "fore_bars": (0.5, 1),
            "fore_margin": (0.06, 0.09), "hind_margin": (0.05, 0.08), "suffusion": (0.5, 0.8),
            "fore_spots": (0, 1.4), "size": (0.86, 0.94),
        },
    ),
)  # fmt: skip
