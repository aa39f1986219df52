"""Plain words for texts that satisfy constraints: real ones in each language that is drawn, without commas,
digits, capitals, or any word that a constraint may be about.
"""

from collections.abc import Iterator
from itertools import cycle

_TEXTS = {
    "en": """there are many good reasons why people like to walk along the old path by the sea when it is
        warm and bright outside while their friends stay at home to cook supper and talk of the long day""",
    "de": """es gibt viele gute gründe warum die leute gerne am alten weg entlang der küste gehen wenn es warm
        und hell ist während ihre freunde zu hause bleiben um das essen zu kochen und vom tag zu reden""",
    "es": """hay muchas buenas razones por las que a la gente le gusta caminar por el viejo sendero cerca del
        mar cuando hace calor mientras sus amigos se quedan en casa para cocinar la cena y hablar""",
    "fr": """il y a beaucoup de bonnes raisons pour lesquelles les gens aiment marcher le long du vieux chemin
        près de la mer quand il fait chaud pendant que leurs amis restent à la maison pour cuisiner""",
    "it": """ci sono molte buone ragioni per cui alla gente piace camminare lungo il vecchio sentiero verso il
        mare quando fa caldo mentre gli amici restano a casa per cucinare la cena e parlare della giornata""",
    "pt": """há muitas boas razões pelas quais as pessoas gostam de caminhar pelo velho caminho perto do mar
        quando não está frio enquanto os seus amigos ficam em casa para cozinhar o jantar e conversar""",
    "ru": """есть много хороших причин почему люди любят гулять по старой дороге у моря когда тепло и светло
        а их друзья остаются дома чтобы готовить ужин и говорить о том как прошёл этот долгий день""",
    "ar": """هناك أسباب كثيرة تجعل الناس يحبون المشي على الطريق القديم قرب البحر عندما يكون الجو دافئا بينما
        يبقى أصدقاؤهم في البيت لطبخ العشاء والحديث عن اليوم الطويل الذي مر عليهم جميعا في المدينة""",
    "hi": """लोगों को समुद्र के पास पुराने रास्ते पर चलना बहुत अच्छा लगता है जब मौसम गर्म होता है और उनके दोस्त
        घर पर रहकर खाना बनाते हैं और दिन भर की बातें करते हैं क्योंकि यह उनका पुराना तरीका है""",
    "ko": """사람들이 따뜻한 날에 바다 옆의 오래된 길을 걷는 것을 좋아하는 데에는 여러 가지 이유가 있다 그동안
        친구들은 집에 남아서 저녁을 만들고 긴 하루에 대해 이야기한다 그래서 모두가 행복하다""",
    "ja": """人々は 暖かい日に 海のそばの 古い道を 歩くのが 好きです その間に 友達は 家に残って 夕食を作り
        長い一日について 話をします それは とても 楽しい 時間です だから みんな うれしいのです""",
    "zh": """人们喜欢 在温暖的日子里 沿着海边的 古老小路 散步 与此同时 他们的朋友 留在家里 做晚饭 并谈论
        漫长的一天 这是 非常快乐的 时光 所以 大家都 很高兴 我们也 觉得 这样的 生活 很好""",
}


def filler(language: str, without: str) -> Iterator[str]:
    """Words of two letters or more without end, none of them with the letter `without` ("": any letter)."""
    words = (word for word in _TEXTS[language or "en"].split() if len(word) > 1)
    return cycle([word for word in words if not without or without not in word])
