"""The ground plans of moths: data only, see ``ground_plan.py``."""

from __future__ import annotations

from wunderkammer.testing.specimens.ground_plan import Plan

MOTHS = (
    Plan(
        "underwing",
        (
            "6f685e 8d857a 2d2722 c8bfb0 c8382c e6dfd2 a09888 7a7268",
            "5e5340 7f7258 2a2218 bfae88 e8902c e6d8b8 9a8a68 6a5c46",
            "5a6460 7d8a84 242a28 c2d0c6 e8c840 e2ebe4 8f9a94 66706a",
        ),
        {
            "apex_deg": (31, 36), "tornus_length": (0.66, 0.74), "termen": (0.06, 0.12),
            "mottle": (0.4, 0.6), "lines": (2.4, 3.6), "zigzag": (0.03, 0.05), "kidney": (0.8, 1),
            "hind_flash": (1, 1), "hind_band": (1, 1), "hind_band_at": (0.46, 0.54),
            "hind_band_width": (0.07, 0.1), "hind_margin": (0.12, 0.18), "fringe": (0.9, 1),
            "scallop": (0.006, 0.012), "body_length": (0.78, 0.86), "body_width": (0.17, 0.2),
        },
        "thread",
    ),
    Plan(
        "hawk",
        (
            "7a6a48 9a8a5c 3a3320 d8cba0 d8607a f0e6c8 a89468 7a6c48",
            "5c5a56 7c7872 2a2826 cfc8be e0a03a ece6dc 8f8a82 5a5651",
            "56683c 75894e 2a3420 c8d49a c8586a e6eecb 8a9a62 5a6a40",
        ),
        {
            "apex_deg": (25, 30), "tornus_deg": (-10, -6), "tornus_length": (0.46, 0.54),
            "costa": (0.05, 0.07), "falcate": (-0.06, 0.02), "termen": (0.02, 0.1),
            "inner": (-0.06, -0.02), "apex_round": (3, 5), "hind_length": (0.48, 0.54),
            "hind_width": (1.04, 1.14), "hind_anal": (0.72, 0.8), "hind_anal_deg": (-72, -64),
            "hind_bulge": (0.86, 0.94), "mottle": (0.3, 0.5), "lines": (1.4, 3.4),
            "zigzag": (0.01, 0.03), "kidney": (0.3, 0.8), "hind_flash": (0.8, 1),
            "hind_band": (0.8, 1), "hind_band_at": (0.62, 0.72), "hind_band_width": (0.08, 0.12),
            "hind_margin": (0.04, 0.08), "streaks": (0.2, 0.4), "rings": (0.7, 1),
            "body_length": (0.98, 1.08), "body_width": (0.21, 0.25), "antenna": (0.42, 0.48),
        },
        "thread",
    ),
    Plan(
        "emperor",
        (
            "7d4a34 b07a58 3a231a e8c9a4 d89a5a f6e6d0 a07a60 6f4a38",
            "7a5a2c c89a4a 3f2a16 f0d69a d06a4a fff0c8 c0a060 8a6a38",
            "5c4a52 8f7884 2c2228 d8c4cc c87a8a f0e2e8 8a7680 5c4c54",
        ),
        {
            "apex_deg": (33, 38), "falcate": (-0.16, -0.1), "termen": (-0.08, 0.0),
            "tornus_length": (0.68, 0.76), "hind_length": (0.8, 0.86), "hind_bulge": (1.02, 1.08),
            "discal_eye": (0.9, 1), "fore_eye_size": (0.06, 0.09), "hind_discal_eye": (0.9, 1),
            "hind_eye_size": (0.07, 0.11), "lines": (1.4, 2.6), "hind_lines": (1.4, 2.6),
            "zigzag": (0.015, 0.035), "fore_band": (0.3, 0.8), "fore_band_at": (0.74, 0.82),
            "fore_band_width": (0.08, 0.14), "hind_band": (0.3, 0.8), "hind_band_at": (0.72, 0.8),
            "mottle": (0.12, 0.25), "fringe": (0.2, 0.4), "body_length": (0.58, 0.66),
            "body_width": (0.2, 0.24), "fur": (0.8, 1), "antenna": (0.26, 0.32), "size": (1, 1.08),
        },
        "feather",
    ),
    Plan(
        "moon",
        (
            "d9ead0 c4e2b8 5a3a4a eef6dc d8a83a fbfff2 cfe6c2 f2f0e4",
            "f0e6b8 ead98e 6a3a2a fbf4d0 c87a3a fffbe8 e8dca0 f2ecd8",
            "d6e6ea b4d4dc 4a4a66 e6f4f6 c888a8 f8ffff c8dee4 eef2f2",
        ),
        {
            "apex_deg": (37, 41), "falcate": (-0.12, -0.06), "termen": (-0.04, 0.03),
            "tornus_length": (0.62, 0.68), "hind_length": (0.7, 0.76), "hind_anal": (0.86, 0.94),
            "hind_bulge": (0.96, 1.02), "tail": (0.5, 0.85), "tail_width": (0.1, 0.14),
            "tail_at": (4.6, 5.4), "costa_line": (1, 1), "discal_eye": (0.6, 1),
            "fore_eye_size": (0.035, 0.05), "hind_discal_eye": (0.6, 1),
            "hind_eye_size": (0.035, 0.05), "lines": (0, 1.2), "hind_lines": (0, 1),
            "fore_margin": (0.004, 0.014), "hind_margin": (0.004, 0.014), "suffusion": (0, 0),
            "vein_dark": (0.1, 0.2), "body_length": (0.54, 0.6), "body_width": (0.18, 0.21),
            "fur": (0.9, 1), "antenna": (0.24, 0.3), "fringe": (0, 0.2), "streaks": (0.03, 0.06),
        },
        "feather",
    ),
    Plan(
        "tiger moth",
        (
            "3a241c 46291e 1e120c f6efdc e0542c fff4dc c89a6a d8602c",
            "20201e 262624 0f0f0e f4ecd0 d8303a fff6e0 a0582c c82c34",
            "5a3020 6c3a26 24120c f6e6c4 f0a02c fff4dc c88a4a e89a30",
        ),
        {
            "apex_deg": (31, 36), "tornus_length": (0.62, 0.7), "apex_round": (9, 13),
            "blotches": (0.9, 1), "hind_flash": (1, 1), "hind_dots": (0.9, 1),
            "hind_spot_size": (0.03, 0.045), "hind_margin": (0.005, 0.02),
            "fore_margin": (0.005, 0.02), "suffusion": (0, 0.1), "rings": (0.8, 1),
            "body_length": (0.74, 0.8), "body_width": (0.19, 0.22), "fur": (0.7, 1),
            "vein_dark": (0.1, 0.3),
        },
        "thread",
    ),
    Plan(
        "carpet",
        (
            "b8d4b0 a8cc9c 5f7f5a eef8e8 d8e8c8 fbfff6 c2d8ba c8d8bc",
            "e8e0d0 efe8da 6a5a48 fffaf0 c8a878 fffdf6 e6dccb d8cdb8",
            "c8a890 d8bca4 6a4a3c f4e4d4 a8705a fff4ea d0b49c b89880",
        ),
        {
            "apex_deg": (31, 37), "tornus_length": (0.72, 0.8), "termen": (0.02, 0.1),
            "falcate": (-0.08, 0.0), "hind_length": (0.78, 0.84), "lines": (2.2, 3.8),
            "line_dark": (0.3, 0.5),
            "hind_lines": (1.6, 3.4), "zigzag": (0.012, 0.03), "kidney": (0.2, 0.6),
            "mottle": (0.08, 0.18), "fore_band": (0, 0.7), "fore_margin": (0.004, 0.012),
            "hind_margin": (0.004, 0.012), "suffusion": (0, 0.15), "scallop": (0.006, 0.014),
            "body_width": (0.08, 0.1), "body_length": (0.62, 0.68), "vein_dark": (0.04, 0.12),
            "fringe": (0.6, 1), "size": (0.8, 0.9), "antenna": (0.4, 0.48),
        },
        "feather",
    ),
    Plan(
        "burnet",
        (
            "16302c 1f4a42 0c1614 d83038 d02c36 e84a50 3a4a40 122420",
            "1a2440 24386c 0c101c f0e6c8 d8a030 fff6da 3a4050 141a2c",
            "2a1c30 40284c 120c16 f0b038 e88a2a ffd68a 4a3a50 20162a",
        ),
        {
            "apex_deg": (28, 32), "tornus_length": (0.5, 0.57), "apex_round": (12, 16),
            "termen": (0.12, 0.18), "hind_length": (0.52, 0.58), "hind_bulge": (0.98, 1.04),
            "fore_cells": (0, 0), "blotches": (0, 0), "hind_flash": (1, 1), "sheen": (0.7, 1),
            "fore_eyes": (0, 0), "hind_margin": (0.03, 0.06), "fore_margin": (0.0, 0.02),
            "kidney": (0, 0), "rays": (0, 0), "discal_eye": (0, 0), "fore_spots": (0, 0),
            "spangles": (2.4, 4.4), "body_length": (0.82, 0.9), "body_width": (0.15, 0.18),
            "fur": (0.2, 0.4), "size": (0.7, 0.8), "antenna": (0.4, 0.46),
        },
        "club",
    ),
)  # fmt: skip
