"""What do we keep, and what is always true of it?"""

from .clocks import Clock, Pause, Sight, Standing
from .matters import Assignment, Handled, Issue, Responsibility, SameMatter, Task
from .words import Asked, ContactMade, Hold, Nudge, Rating, Result, Verdict

__all__ = [
    "Asked",
    "Assignment",
    "Clock",
    "ContactMade",
    "Handled",
    "Hold",
    "Issue",
    "Nudge",
    "Pause",
    "Rating",
    "Responsibility",
    "Result",
    "SameMatter",
    "Sight",
    "Standing",
    "Task",
    "Verdict",
]
