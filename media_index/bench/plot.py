"""Curves on two logarithmic axes as an SVG picture, with nothing but text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil, floor, log10
from xml.sax.saxutils import escape

Curve = Sequence[Sequence[float]]

_WIDTH, _HEIGHT, _LEFT, _TOP = 720, 480, 90, 40
_INNER, _DEEP = 420, 370
# Dashes tell the lines apart where colours do not.
_LINES = (
    ("#7a4b00", "2 4"),
    ("#005a9c", "9 4"),
    ("#111111", ""),
    ("#7a0052", "12 3 2 3"),
    ("#1d6b3a", "1 3"),
    ("#5c5c5c", "6 2"),
)
_FLOOR = 1e-4


def det_svg(curves: Mapping[str, Curve], title: str) -> str:
    """Draw a detection error tradeoff: genuine pairs missed over the false match rate.

    Args:
        curves: by name, pairs of false match rate and share missed.
        title: said above, and to screen readers.
    """
    missed = min(share for curve in curves.values() for _, share in curve)
    levels = log10(max(_FLOOR, missed)), 0.0
    return _log_svg(curves, title, ("False match rate", "Genuine pairs missed"), levels)


def growth_svg(curves: Mapping[str, Curve], title: str) -> str:
    """Draw how cost grows.

    Args:
        curves: by name, pairs of how many and milliseconds.
        title: said above, and to screen readers.
    """
    taken = [log10(cost) for curve in curves.values() for _, cost in curve]
    levels = floor(min(taken)), ceil(max(taken))
    return _log_svg(curves, title, ("Faces, or photos", "Milliseconds"), levels)


def _log_svg(
    curves: Mapping[str, Curve],
    title: str,
    axes: tuple[str, str],
    levels: tuple[float, float],
) -> str:
    """Draw curves.

    Args:
        curves: by name, pairs of x and y, above 0.
        title: said above, and to screen readers.
        axes: what they show, across and up.
        levels: logarithms of the lowest and the highest y; what is lower is drawn on the lowest.
    """
    rates = [rate for curve in curves.values() for rate, _ in curve]
    least, most = log10(min(rates)), log10(max(rates))
    low, high = levels

    def x(rate: float) -> float:
        return _LEFT + _INNER * (log10(rate) - least) / max(most - least, 1e-9)

    def y(level: float) -> float:
        return _TOP + _DEEP * (high - log10(max(level, 10**low))) / max(high - low, 1e-9)

    body = [*_grid(x, int(least), int(most)), *_levels(y, int(low), int(high))]
    for place, (name, curve) in enumerate(curves.items()):
        colour, dashes = _LINES[place % len(_LINES)]
        style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        points = " ".join(f"{x(across):.1f},{y(up):.1f}" for across, up in curve)
        at = _TOP + 20 + 24 * place
        right = _LEFT + _INNER + 20
        body += [
            f'<polyline fill="none" {style} points="{points}"/>',
            f'<line x1="{right}" x2="{right + 40}" y1="{at}" y2="{at}" {style}/>',
            f'<text x="{right + 48}" y="{at + 5}">{escape(name)}</text>',
        ]
    middle = _LEFT + _INNER / 2
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
                f'role="img" font-family="sans-serif" font-size="13"><title>{escape(title)}</title>'
            ),
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
            *body,
            f'<text x="{middle}" y="{_HEIGHT - 20}" text-anchor="middle">{axes[0]}</text>',
            (
                f'<text transform="translate(24 {_TOP + _DEEP / 2}) rotate(-90)" '
                f'text-anchor="middle">{axes[1]}</text>'
            ),
            "</svg>",
            "",
        ]
    )


def _grid(x: Callable[[float], float], least: int, most: int) -> Iterator[str]:
    for power in range(least, most + 1):
        at = x(10.0**power)
        yield f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{_TOP + _DEEP}" stroke="#ccc"/>'
        yield f'<text x="{at:.1f}" y="{_TOP + _DEEP + 20}" text-anchor="middle">1e{power}</text>'


def _levels(y: Callable[[float], float], low: int, high: int) -> Iterator[str]:
    for power in range(low, high + 1):
        at = y(10.0**power)
        ends = f'x1="{_LEFT}" x2="{_LEFT + _INNER}"'
        yield f'<line {ends} y1="{at:.1f}" y2="{at:.1f}" stroke="#ccc"/>'
        yield f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:.4g}</text>'
