"""Cards with a line of print, and a wing across it."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from wunderkammer.imaging.print_lines import light_of_paper

PAPER, INK, WING = (232, 226, 215), (60, 58, 60), (120, 85, 50)


def card(text="Collection National Museum", height=500, width=800):
    """Return a card with a line of print, and where its ink is."""
    drawn = Image.new("L", (width, height))  # OpenCV 4 and 5 have other letters
    font = ImageFont.load_default(24)
    ImageDraw.Draw(drawn).text((60, 250), text, 255, font, anchor="ls", stroke_width=0.5)
    ink = np.asarray(drawn)
    share = ink[:, :, None] / 255
    image = np.array(PAPER) * (1 - share) + np.array(INK) * share
    return image.astype(np.uint8), ink > 127


def with_wing(image, left=200, right=300):
    """Return it with a wing across the line, and where the wing is."""
    wing = np.zeros(image.shape[:2], np.uint8)
    middle, half = (left + right) // 2, (right - left) // 2
    cv2.ellipse(wing, (middle, 245), (half, 150), 0, 0, 360, 1, -1)
    image = np.where(wing[:, :, None] > 0, np.array(WING, np.uint8), image)
    return image, wing > 0


def light_of(image):
    """Return the share of the paper's light."""
    return light_of_paper(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
