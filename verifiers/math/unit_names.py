"""Tables of the words after a number: units by what they measure, words of scale, words that are no unit.

The idea: one name per unit, with its other spellings beside it (an underscore is a blank).
"""

NAMES: dict[str, dict[str, str]] = {
    "angle": {"°": "degree deg degs degrees", "radian": "rad rads radians"},
    "temperature": {"°c": "c celsius", "°f": "f fahrenheit"},
    "length": {
        "mm": "millimeter millimeters millimetre millimetres",
        "cm": "cms centimeter centimeters centimetre centimetres", "m": "meter meters metre metres",
        "km": "kms kilometer kilometers kilometre kilometres", "inch": 'in ins inches "', "foot": "ft feet '",
        "yard": "yd yds yards", "mile": "mi miles",
    },
    "mass": {
        "mg": "milligram milligrams", "g": "gm gms gram grams", "kg": "kgs kilogram kilograms",
        "ounce": "oz ounces", "pound": "lb lbs pounds", "ton": "tons tonne tonnes",
    },
    "length^2": {"acre": "acres", "hectare": "ha hectares"},
    "length^3": {
        "ml": "milliliter milliliters millilitre millilitres", "l": "liter liters litre litres",
        "gallon": "gal gallons", "quart": "qt quarts", "pint": "pt pints", "cup": "cups",
    },
    "time": {
        "second": "s sec secs seconds", "minute": "min mins minutes", "hour": "h hr hrs hours", "day": "days",
        "week": "wk weeks", "month": "months", "year": "yr yrs years",
    },
    "speed": {
        "mph": "miles/hour miles/hr mi/h mi/hr miles_per_hour",
        "km/h": "km/hr kph kmh kmph kilometers_per_hour kilometres_per_hour",
        "m/s": "m/sec meters_per_second metres_per_second", "ft/s": "ft/sec feet_per_second",
    },
    "data": {
        "kb": "kilobyte kilobytes", "mb": "megabyte megabytes", "gb": "gigabyte gigabytes",
        "tb": "terabyte terabytes",
    },
    "money": {
        "$": "dollar dollars usd us_dollars", "cent": "¢ cents", "€": "euro euros eur", "£": "gbp",
        "¥": "yen jpy", "₹": "rs rupee rupees inr",
    },
}  # fmt: skip

SCALES = {
    "dozen": 12, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
"""Words that multiply the number before them."""

NO_UNITS = frozenset(
    {
        "about", "and", "approximately", "are", "be", "billion", "cubed", "divided", "doesn't",
        "dozen", "eight", "eighteen", "eighth", "eighths", "eighty", "eleven", "equal", "equals",
        "except", "factorial", "false", "fifteen", "fifth", "fifths", "fifty", "five", "forty",
        "four", "fourteen", "fourth", "fourths", "half", "halves", "hundred", "hundredth",
        "hundredths", "incorrect", "is", "isn't", "million", "millionth", "millionths", "minus",
        "multiplied", "negative", "never", "nine", "nineteen", "ninety", "ninth", "ninths", "no",
        "none", "nor", "not", "one", "or", "over", "percent", "percents", "plus", "point",
        "positive", "quarter", "quarters", "root", "seven", "seventeen", "seventh", "sevenths",
        "seventy", "six", "sixteen", "sixth", "sixths", "sixty", "squared", "ten", "tenth",
        "tenths", "than", "third", "thirds", "thirteen", "thirty", "thousand", "thousandth",
        "thousandths", "three", "times", "trillion", "twelfth", "twelfths", "twelve", "twenty",
        "two", "was", "were", "without", "wrong", "zero",
    }
)  # fmt: skip
"""Words that change a number or deny it: what has one of them is no unit."""

MATH_NAMES = frozenset(
    {
        "alpha", "arccos", "arcsin", "arctan", "base", "beta", "cdot", "ceil", "choose", "cos",
        "cosec", "cosh", "cot", "csc", "delta", "exp", "floor", "frac", "gamma", "infty", "lambda",
        "ln", "log", "mod", "omega", "over", "phi", "pi", "rho", "sec", "sigma", "sin", "sinh",
        "sqrt", "tan", "tanh", "tau", "theta", "times",
    }
)  # fmt: skip
"""Names of functions and symbols, which are not words."""
