import numpy as np

from wunderkammer.core.morton import from_morton, morton_codes, tile_of


def test_the_four_quarters_come_in_the_order_of_a_z():
    x, y = from_morton([0, 1, 2, 3])
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_a_code_spells_its_coordinates_bit_by_bit():
    code = int(morton_codes([0b1011], [0b0110])[0])
    assert f"{code:08b}"[1::2] == "1011"
    assert f"{code:08b}"[0::2] == "0110"


def test_the_widest_coordinates_come_back():
    widest = 2**31 - 1
    code = morton_codes([widest], [widest - 1])
    assert [part.tolist() for part in from_morton(code)] == [[widest], [widest - 1]]
    assert tile_of(int(code[0])) == (widest, widest - 1)


def test_a_tile_is_its_childrens_code_without_two_bits():
    x, y = np.arange(64), np.arange(64)[::-1]
    assert (morton_codes(x, y) >> 2 == morton_codes(x // 2, y // 2)).all()
