"""Imports that a solution may leave out, as the sites do that its form comes from.

The idea: a class of solutions (`class Solution`, as on LeetCode) is written for a place that has the usual
names, and a function from a prompt for one that has those of `typing`. Only names that the code reads and
nowhere binds are imported, before it runs: nothing else changes, and an unknown name is one still. Names that
a program has of its own as often (`count`, `merge`, `e`) are not among them: one that is not bound is a fault
of it. A function that needs a module and does not import it is a program that does not run.
"""

from gristmill.verifiers.code.names import names_of

_MEMBERS = {
    "typing": "Any Callable DefaultDict Deque Dict FrozenSet Generator Generic Iterable Iterator List "
    "Literal Mapping MutableMapping NamedTuple Optional Sequence Set Tuple Type TypeVar Union",
    "collections": "ChainMap Counter OrderedDict defaultdict deque namedtuple",
    "itertools": "accumulate chain combinations groupby islice pairwise permutations product zip_longest",
    "functools": "cache cmp_to_key lru_cache partial reduce",
    "heapq": "heapify heappop heappush heappushpop heapreplace nlargest nsmallest",
    "bisect": "bisect_left bisect_right insort insort_left insort_right",
    "math": "ceil comb factorial floor gcd hypot inf isqrt lcm log log10 log2 perm pi prod sqrt",
    "dataclasses": "dataclass",
    "enum": "Enum",
    "fractions": "Fraction",
    "decimal": "Decimal",
}
_MODULES = """bisect collections copy datetime functools heapq itertools json math operator random re string
sys typing
"""
_IMPORTS = {name: f"import {name}" for name in _MODULES.split()} | {
    name: f"from {module} import {name}" for module, names in _MEMBERS.items() for name in names.split()
}
_TYPES = frozenset(_MEMBERS["typing"].split()) | {"typing"}


def prelude(code: str, wanted: frozenset[str]) -> str:
    """The imports that a response's code left out, whose tests want these names; to run before it."""
    names = names_of(code)
    usual = frozenset(_IMPORTS) if names.classes & wanted else _TYPES
    return "\n".join(_IMPORTS[name] for name in sorted(names.missing & usual))
