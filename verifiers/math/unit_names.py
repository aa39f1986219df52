"""Tables of the words after a number: units by what they measure, words of scale, words that are no unit.

The idea: one name per unit, with its other spellings beside it (an underscore is a blank).
"""

NAMES: dict[str, dict[str, str]] = {
    "angle": {"°": "degree deg degs degrees 度", "radian": "rad rads radians"},
    "temperature": {"°c": "c celsius °_c ℃", "°f": "f fahrenheit °_f ℉"},
    "length": {
        "mm": "millimeter millimeters millimetre millimetres 毫米 мм",
        "cm": "cms centimeter centimeters centimetre centimetres 厘米 公分 センチ см",
        "m": "meter meters metre metres 米 メートル метр метра метров",
        "km": "kms kilometer kilometers kilometre kilometres 千米 公里 キロメートル км",
        "inch": 'in ins inches "', "foot": "ft feet '",
        "yard": "yd yds yards", "mile": "mi miles",
    },
    "mass": {
        "mg": "milligram milligrams 毫克 мг", "g": "gm gms gram grams 克 グラム",
        "kg": "kgs kilogram kilograms 千克 公斤 キログラム кг",
        "ounce": "oz ounces", "pound": "lb lbs pounds", "ton": "tons tonne tonnes 吨",
    },
    "length^2": {"acre": "acres", "hectare": "ha hectares"},
    "length^3": {
        "ml": "milliliter milliliters millilitre millilitres 毫升 мл",
        "l": "liter liters litre litres 升 リットル",
        "gallon": "gal gallons", "quart": "qt quarts", "pint": "pt pints", "cup": "cups",
    },
    "time": {
        "second": "s sec secs seconds 秒", "minute": "min mins minutes 分钟 分鐘",
        "hour": "h hr hrs hours 小时 小時 時間", "day": "days 天",
        "week": "wk weeks 周 星期", "month": "months 个月", "year": "yr yrs years 年",
    },
    "speed": {
        "mph": "miles/hour miles/hr mi/h mi/hr miles_per_hour",
        "km/h": "km/hr 公里/小时 千米/时 км/ч kph kmh kmph kilometers_per_hour kilometres_per_hour",
        "m/s": "m/sec meters_per_second metres_per_second 米/秒", "ft/s": "ft/sec feet_per_second",
    },
    "speed^2": {"m/s^2": "m/s/s", "ft/s^2": "ft/s/s"},
    "density": {"g/cm^3": "g/ml", "kg/m^3": ""},
    "data": {
        "kb": "kilobyte kilobytes", "mb": "megabyte megabytes", "gb": "gigabyte gigabytes",
        "tb": "terabyte terabytes",
    },
    "money": {
        "$": "dollar dollars usd us_dollars", "cent": "¢ cents", "€": "euro euros eur", "£": "gbp",
        "¥": "yen jpy 円", "cny": "yuan rmb 元 块", "rub": "₽ руб рублей рубля рубль",
        "₹": "rs rupee rupees inr",
    },
}  # fmt: skip

SCALES = {
    "dozen": 12, "gross": 144, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "trillion": 10**12, "lakh": 10**5, "crore": 10**7, "mil": 10**3, "mille": 10**3, "tausend": 10**3,
    "hundert": 10**2, "millones": 10**6, "millón": 10**6, "millionen": 10**6, "milhões": 10**6,
    "milhão": 10**6, "milliard": 10**9, "milliarden": 10**9, "тысяч": 10**3, "тысячи": 10**3,
    "миллион": 10**6, "миллиона": 10**6, "миллионов": 10**6, "миллиард": 10**9, "миллиардов": 10**9,
}  # fmt: skip
"""Words that multiply the number before them."""

SCALE_SIGNS = {
    "百": 10**2, "千": 10**3, "万": 10**4, "萬": 10**4, "만": 10**4, "亿": 10**8, "億": 10**8, "억": 10**8,
}  # fmt: skip
"""Signs that do so, in scripts without blanks."""

CHANGING_SIGNS = frozenset(
    "兆十零一二三四五六七八九半分之多余餘约約不非以上下内未満倍成折次方至少이상하미만초과"
)
"""Signs that change a number before them, or deny it: what has one of them is no unit."""

NO_UNITS = frozenset(
    {
        "about", "and", "approx", "approximately", "are", "be", "below",
        "beneath", "billion", "cubed", "divided", "doesn't",
        "dozen", "eight", "eighteen", "eighth", "eighths", "eighty", "eleven", "equal", "equals",
        "except", "factorial", "false", "fifteen", "fifth", "fifths", "fifty", "five", "forty",
        "grand", "four", "fourteen", "fourth", "fourths", "half", "halves", "hundred", "hundredth",
        "hundredths", "incorrect", "is", "isn't", "max", "maximum", "million", "millionth", "millionths",
        "minimum", "minus",
        "multiplied", "nearly", "negative", "never", "nine", "nineteen", "ninety", "ninth", "ninths", "no",
        "none", "nor", "not", "one", "or", "over", "percent", "percents", "plus", "point",
        "positive", "quarter", "roughly", "quarters", "root", "seven", "seventeen", "seventh", "sevenths",
        "seventy", "six", "sixteen", "sixth", "sixths", "sixty", "squared", "ten", "tenth",
        "tenths", "than", "third", "thirds", "thirteen", "thirty", "thousand", "thousandth",
        "thousandths", "three", "times", "trillion", "twelfth", "twelfths", "twelve", "twenty",
        "two", "was", "were", "without", "wrong", "zero",
    }
)  # fmt: skip
"""Words that change a number or deny it: what has one of them is no unit."""

FOREIGN_NO_UNITS = frozenset(
    {
        "más", "menos", "máximo", "mínimo", "tercio", "tercios", "medio", "medios", "cuartos", "quintos",
        "décimos", "terços", "quartos", "moins", "tiers", "demi", "demis", "quarts", "cinquièmes", "dixièmes",
        "mehr", "weniger", "mindestens", "höchstens", "maximal", "minimal", "halbe", "drittel", "viertel",
        "fünftel", "zehntel", "hundertstel", "prozent", "promille", "не", "менее", "более", "минимум",
        "максимум", "половина", "третьих", "третьи", "четвертых", "четверти", "пятых", "десятых", "сотых",
        "процентов", "процента", "процент", "cento", "ciento", "no", "nicht", "non", "não", "nunca",
    }
)  # fmt: skip
"""Such words of Spanish, Portuguese, French, German and Russian."""

MATH_NAMES = frozenset(
    {
        "alpha", "arccos", "arcsin", "arctan", "base", "beta", "cdot", "ceil", "choose", "cos",
        "cosec", "cosh", "cot", "csc", "delta", "exp", "floor", "frac", "gamma", "infty", "lambda",
        "ln", "log", "mod", "omega", "over", "phi", "pi", "rho", "sec", "sigma", "sin", "sinh",
        "sqrt", "tan", "tanh", "tau", "theta", "times",
    }
)  # fmt: skip
"""Names of functions and symbols, which are not words."""
