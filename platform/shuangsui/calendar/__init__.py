"""Working days 工作日 of China with make-up days 调休, from the State Council's yearly notices; pure.

The day of an event never counts; day 1 is the next working day (R14.1). Where no notice has come yet, or the one to
come may still move a day, a term is ``provisional`` and due on the earliest day that is possible (R14.11).
"""

from shuangsui.calendar.engine import Calendar, Deadline, Step, Why, official
from shuangsui.calendar.notices import Notice, read

__all__ = ["Calendar", "Deadline", "Notice", "Step", "Why", "official", "read"]
