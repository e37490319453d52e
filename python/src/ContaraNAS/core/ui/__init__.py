"""The components that tiles, modals and pages are made of."""

from ContaraNAS.core.ui.chart import LineChart, LineChartSeries
from ContaraNAS.core.ui.component import Component, Part
from ContaraNAS.core.ui.containers import Card, Modal, Tile
from ContaraNAS.core.ui.display import (
    Badge,
    Image,
    Progress,
    SegmentedProgress,
    SegmentedProgressSegment,
    Stat,
    StatCard,
    StatSmall,
    Text,
)
from ContaraNAS.core.ui.feedback import Alert, Spinner
from ContaraNAS.core.ui.forms import Checkbox, Input, Password, Select, SelectOption, Textarea, Toggle
from ContaraNAS.core.ui.interactive import Button, Tab, Tabs
from ContaraNAS.core.ui.layout import Form, Grid, Stack
from ContaraNAS.core.ui.table import Table, TableColumn

__all__ = [
    "Alert",
    "Badge",
    "Button",
    "Card",
    "Checkbox",
    "Component",
    "Form",
    "Grid",
    "Image",
    "Input",
    "LineChart",
    "LineChartSeries",
    "Modal",
    "Part",
    "Password",
    "Progress",
    "SegmentedProgress",
    "SegmentedProgressSegment",
    "Select",
    "SelectOption",
    "Spinner",
    "Stack",
    "Stat",
    "StatCard",
    "StatSmall",
    "Tab",
    "Table",
    "TableColumn",
    "Tabs",
    "Text",
    "Textarea",
    "Tile",
    "Toggle",
]
