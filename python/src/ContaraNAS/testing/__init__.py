"""Running a module in a test, without a daemon.

```python
from ContaraNAS.testing import ModuleTest

with ModuleTest("hello") as hello:
    hello.enable()
    hello.press("Increment")
    assert hello.tile.stat("Count").value == 1
```

With pytest, the fixture `contara_module` gives the module that the test file lies in.
"""

from ContaraNAS.testing.errors import ActionFailed, FieldErrors, ModuleFailed, NotFound, NotPressable
from ContaraNAS.testing.module_test import ModuleTest
from ContaraNAS.testing.results import Results
from ContaraNAS.testing.tree import Node

__all__ = [
    "ActionFailed",
    "FieldErrors",
    "ModuleFailed",
    "ModuleTest",
    "Node",
    "NotFound",
    "NotPressable",
    "Results",
]
