"""How the chat page looks: the colours and letters that Gradio's theme is made of. peacebot.css has the same for the case pages."""

_SHADES = "c50 c100 c200 c300 c400 c500 c600 c700 c800 c900 c950".split()
INK = {"name": "ink"} | dict(
    zip(_SHADES, "#eef5f6 #d8e8eb #b3d2d8 #86b5be #548f9b #2f717e #1f5a67 #194853 #143a43 #102f37 #0a1f25".split(), strict=True)
)
PAPER = {"name": "paper"} | dict(
    zip(_SHADES, "#faf9f6 #f2f0ea #e3e0d7 #cbc7bb #9d9a90 #6f6e68 #55565a #3b3f45 #262b31 #1a1f24 #12161a".split(), strict=True)
)
"""Two hues, each in eleven shades from the lightest to the darkest."""

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
MONO = ("ui-monospace", "Consolas", "monospace")

COLOURS = {
    "body_background_fill": "*neutral_50",
    "body_background_fill_dark": "*neutral_950",
    "body_text_color": "*neutral_900",
    "body_text_color_dark": "*neutral_100",
    "body_text_color_subdued": "*neutral_600",
    "body_text_color_subdued_dark": "*neutral_300",
    "block_label_text_color": "*neutral_700",
    "block_label_text_color_dark": "*neutral_200",
    "block_title_text_color": "*neutral_800",
    "block_title_text_color_dark": "*neutral_100",
    "block_background_fill": "white",
    "block_background_fill_dark": "*neutral_900",
    "input_background_fill": "white",
    "input_background_fill_dark": "*neutral_900",
    "input_border_color": "*neutral_500",
    "input_border_color_dark": "*neutral_500",
    "input_placeholder_color": "*neutral_500",
    "input_placeholder_color_dark": "*neutral_400",
    "button_primary_background_fill": "*primary_600",
    "button_primary_background_fill_hover": "*primary_700",
    "button_primary_background_fill_dark": "*primary_300",
    "button_primary_background_fill_hover_dark": "*primary_200",
    "button_primary_text_color": "white",
    "button_primary_text_color_dark": "*neutral_950",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_dark": "transparent",
    "button_secondary_border_color": "*neutral_400",
    "button_secondary_border_color_dark": "*neutral_600",
    "checkbox_label_text_color": "*neutral_800",
    "checkbox_label_text_color_dark": "*neutral_100",
    "link_text_color": "*primary_600",
    "link_text_color_dark": "*primary_200",
}
"""What each part of the page takes from the hues, in light and dark."""
