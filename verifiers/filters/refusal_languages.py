"""Phrases of refusals beside English: Chinese, Spanish, Arabic, Portuguese, Indonesian, French, Japanese,
Russian and German, which with English have most speakers on the web, and Hindi, Italian and Korean.

They say what the English ones say (`refusal_phrases.py`), in the usual wording of each language. Arabic
stands here as `folded` leaves it: one alef, one ya, no vowel signs.
"""

from gristmill.verifiers.filters.refusal_phrases import Phrases

_REST = r"[^.,;\n]{0,60}?(?=[.,;\n]|$| (?:no|je|bin|kann|habe|não|eu|non|io|saya|я|не)\b)"
"""Of what a machine says of itself: up to what it says next."""

SPANISH = Phrases(
    sorry=r"(?:lo siento|lo lamento|lamento)(?: mucho)?(?: (?:informar|decir)(?:te|le) que)?"
    r"|lamentablemente|desafortunadamente|por desgracia|disculp[ae]s?|perd[oó]na?|mis disculpas|me disculpo",
    machine=r"(?:como|al ser|soy|siendo) (?:un |una |solo )?(?:modelo|ia|inteligencia artificial|asistente)"
    rf"{_REST}",
    leads=r"gracias por [^.,!\n]{0,60}|hola|entiendo [^.,\n]{0,100}|pero|sin embargo|que|por lo que|y|yo",
    declines=r"(?:no (?:me )?(?:puedo|podr[eé]|podr[ií]a|podemos|voy a|es posible)|no me es posible"
    r"|no soy capaz de|no estoy (?:en condiciones|autorizad[oa]|capacitad[oa]|programad[oa]|dispuest[oa]"
    r"|en posición) (?:de|para|a)|me es imposible|me niego a|no tengo (?:la )?(?:capacidad|permitido)"
    r"(?: de)?|debo (?:rechazar|declinar)) ?(?:ayudar|asistir|proporcionar|cumplir|responder|brindar"
    r"|ofrecer|crear|generar|escribir|dar(?:te|le|les|los)?\b|compartir|facilitar|realizar|completar"
    r"|continuar|participar|navegar|acceder|procesar|atender|resolver|contestar|discutir|hacer (?:eso|esto)"
    r"|(?=(?:esta|est[ea]|tu|su) (?:solicitud|petición|pedido)))\w{0,4}|no tengo acceso",
    whole=r"\b(?:eso|esto|es[ae]|est[ae]|tu|su|tal|dich[oa])\b",
    turns=r"pero|sin embargo|no obstante|aunque|en general|así que|por lo tanto",
    offers=r"(?:con gusto |sí )?(?:puedo|podría|estoy|estaré|estaría|si |por favor|hay|te |le |quizá)",
    limits=r"sin (?:antes |primero )?(?!saber|conocer|tener|ver)\w+r",
)
FRENCH = Phrases(
    sorry=r"(?:je suis )?(?:vraiment |sincèrement |sincerement )?d[ée]sol[ée]e?|je regrette|je m'excuse"
    r"|excusez[ -]moi|toutes mes excuses|pardon|malheureusement|hélas",
    machine=r"(?:en tant qu[e']|comme|étant|je suis) ?(?:une? |simplement )?(?:ia\b"
    r"|intelligence artificielle"
    rf"|modèle|assistant){_REST}",
    leads=r"merci [^.,!\n]{0,60}|bonjour|je comprends [^.,\n]{0,100}|mais|cependant|toutefois|que|et",
    declines=r"(?:je ne (?:(?:peux|puis|pourrai|pourrais|vais|saurais|souhaite)(?: malheureusement| donc"
    r"| vraiment)?(?: pas)?|suis (?:malheureusement )?pas (?:en mesure|capable|autorisée?|habilitée?) "
    r"(?:de |d'))|je suis (?:incapable|dans l'incapacité|dans l'impossibilité) (?:de |d')"
    r"|il m'est impossible (?:de |d')|je refuse (?:de |d')|je dois (?:refuser|décliner)) ?(?:(?:pas|vous|te"
    r"|y|le|la|vous en) |[tly]'){0,2}(?:aider|assister|fournir|répondre|accéder|donner|créer|générer|écrire"
    r"|rédiger|proposer|satisfaire|accomplir|effectuer|traiter|faire (?:cela|ça)|partager|continuer"
    r"|discuter|produire|offrir|exécuter|naviguer|participer|soutenir|résoudre|(?=(?:cette|votre|ta) "
    r"(?:demande|requête)))|je n'ai pas accès|je n'ai pas (?:la possibilité|la capacité|d'opinions?)",
    whole=r"\b(?:cela|ça|ce|cet|cette|ces|votre|ta|tel|telle)\b|pas y|y (?:répondre|donner)",
    turns=r"mais|cependant|toutefois|néanmoins|en général|donc",
    offers=r"je (?:peux|pourrais|serais|suis|vous|te)|si |n'hésite|il (?:y a|existe)|vous pou|veuillez",
    limits=r"sans (?:d'abord )?(?!savoir|connaître|avoir|voir)\w+(?:er|ir|re)\b",
)
GERMAN = Phrases(
    sorry=r"(?:es )?tut mir (?:sehr |wirklich |aufrichtig )?leid|entschuldig(?:ung|en sie|e)|verzeihung"
    r"|leider|bedauerlicherweise|ich bedau(?:re|ere)",
    machine=r"(?:als|ich bin) (?:eine? |nur )?(?:ki\b|künstliche intelligenz|sprachmodell"
    r"|[\w-]{0,20}assistent)"
    rf"{_REST}",
    leads=r"(?:vielen )?dank[^.,!\n]{0,60}|danke[^.,!\n]{0,60}|hallo|ich verstehe[^.\n]{0,100}?,? aber|aber"
    r"|jedoch|dass|und",
    declines=r"(?:(?:dabei|damit|dazu|hierzu|darüber|hierbei|hier|das|dies|darauf|diese \w{1,20}) )?(?:"
    r"(?:ich (?:kann|darf|werde|könnte)|(?:kann|darf|werde) ich)\b[^.!?\n]{0,80}?\b(?:nicht"
    r"|keine?[nmrs]?)\b[^.!?:\n]{0,80}?\b(?:weiter|be)?(?:helfen|hilflich|unterstützen|antworten"
    r"|reitstellen|erfüllen|erstellen|schreiben|geben|anbieten|nachkommen|generieren|ausführen|liefern|tun"
    r"|durchführen|bearbeiten|zugreifen|teilen|diskutieren|verfassen|entsprechen|fortfahren|lösen)\b|"
    r"(?:ich bin|bin ich) (?:leider )?(?:nicht (?:dazu )?(?:in der lage|befugt|berechtigt|imstande)"
    r"|außerstande)|ich muss [^.!?\n]{0,60}\bablehnen|ich habe keinen zugriff|ich weigere mich)",
    whole=r"\b(?:dabei|damit|hierbei|das|dies\w{0,2}|darauf|ihnen|dir|solche\w{0,2}|ihre|deine)\b",
    turns=r"aber|jedoch|allerdings|dennoch|trotzdem|im allgemeinen|deshalb|also",
    offers=r"(?:gerne? )?(?:ich |kann ich|kann |wenn |falls |bitte |es gibt|vielleicht|sie können)",
    limits=r"ohne [^.!?:\n]{0,60}?\bzu (?!wissen|kennen|haben|sehen)\w+",
)
PORTUGUESE = Phrases(
    sorry=r"desculp[ae](?:-me)?|sinto muito|lamento|peço desculpas?|infelizmente|me desculp[ea]",
    machine=r"(?:como|sendo|sou|por ser) (?:apenas )?(?:uma? )?(?:ia\b|intelig[êe]ncia artificial|modelo"
    rf"|assistente){_REST}",
    leads=r"obrigad[oa][^.,!\n]{0,60}|olá|entendo [^.,\n]{0,100}|mas|porém|no entanto|que|e|eu",
    declines=r"(?:não (?:posso|poderei|consigo|vou|irei|sou capaz de|me é possível|estou (?:apt[oa]"
    r"|autorizad[oa]|programad[oa]|em condições) (?:a|de|para))|recuso-me a|me recuso a"
    r"|é impossível para mim|devo (?:recusar|declinar)) ?(?:(?:te|lhe|o|a) )?(?:ajud|auxili|fornec|respond"
    r"|atend|cri|ger|escrev|dar|compartilh|oferec|cumpr|realiz|complet|prest|continu|particip|acess|naveg"
    r"|process|faz(?=er (?:isso|isto))|discut|produz|resolv|prossegu|(?=(?:esta|essa|este|esse|seu|sua) "
    r"(?:solicitação|pedido)))\w{0,6}(?:-l[oa])?|não tenho (?:acesso|capacidade|permissão|opini)",
    whole=r"\b(?:iss[oa]|isto|ess[ae]|est[ae]|seu|sua|tal|disso|nisso)\b",
    turns=r"mas|porém|no entanto|contudo|todavia|em geral|então|portanto",
    offers=r"(?:com prazer )?(?:posso|poderia|estou|ficarei|se |por favor|há|talvez|você pode)",
    limits=r"sem (?:antes |primeiro )?(?!saber|conhecer|ter\b|ver)\w+r",
)
ITALIAN = Phrases(
    sorry=r"mi (?:dispiace|spiace)(?: molto)?|(?:sono )?spiacente|scus(?:a|ami|i|ate)|purtroppo|mi scuso",
    machine=r"(?:in quanto|come|essendo|sono) (?:solo )?(?:un'?|una )? ?(?:ia\b|intelligenza artificiale"
    r"|modello"
    rf"|assistente){_REST}",
    leads=r"grazie [^.,!\n]{0,60}|ciao|capisco [^.,\n]{0,100}|ma|però|tuttavia|che|e|io",
    declines=r"(?:non (?:posso|potrò|potrei|riesco a|intendo|sono (?:in grado di|capace di"
    r"|autorizzat[oa] a))|mi rifiuto di|mi è impossibile|devo (?:rifiutare|declinare)) ?(?:aiutar|assister"
    r"|fornir|risponder|crear|generar|scriver|dar(?:ti|le|vi|e)\b|soddisfar|completar|eseguir|condivider"
    r"|offrir|continuar|acceder|navigar|far(?=lo|e (?:questo|ciò))|discuter|proceder|elaborar|(?=(?:questa"
    r"|la tua|la sua) richiesta))\w{0,3}|non ho (?:accesso|la capacità|opinioni)",
    whole=r"\b(?:ciò|quest\w{1,2}|quell\w{1,2}|tu[oa]|su[oa]|tal[ei])\b|farlo",
    turns=r"ma|però|tuttavia|in generale|quindi|comunque",
    offers=r"(?:volentieri )?(?:posso|potrei|sono|sarei|se |per favore|ci sono|puoi|può)",
    limits=r"senza (?:prima )?(?!sapere|conoscere|avere|vedere)\w+re\b",
)
INDONESIAN = Phrases(
    sorry=r"(?:mohon )?maaf(?:kan (?:saya|aku))?|(?:saya|aku) (?:minta|mohon|meminta) maaf|sayangnya",
    machine=r"(?:sebagai|saya(?: adalah| hanyalah)?) (?:sebuah |seorang |asisten |model )?(?:ai\b"
    r"|model bahasa"
    rf"|bahasa|kecerdasan buatan|asisten){_REST}",
    leads=r"terima kasih[^.,!\n]{0,60}|halo|(?:saya|aku) mengerti [^.,\n]{0,100}|tetapi|tapi|namun|karena"
    r"|dan",
    declines=r"(?:saya|aku|kami) (?:(?:tidak|tak) (?:dapat|bisa|mampu|akan|boleh|diizinkan|diperbolehkan)|"
    r"(?:harus |terpaksa )?menolak)(?: untuk)? (?:membantu|memberi|menyediakan|menjawab|memenuhi|membuat"
    r"|menulis|menghasilkan|melakukan|melanjutkan|mendukung|mengakses|memproses|membahas|menyelesaikan"
    r"|membagikan|memfasilitasi|menelusuri|permintaan)\w{0,4}|saya tidak memiliki (?:akses|kemampuan|opini)",
    whole=r"\b(?:ini|itu|tersebut|anda|kamu|permintaan)\b",
    turns=r"tetapi|tapi|namun|akan tetapi|secara umum|jadi|meskipun begitu",
    offers=r"(?:saya (?:bisa|dapat|akan|siap|senang)|jika|kalau|silakan|ada |anda (?:bisa|dapat)|mungkin)",
    limits=r"tanpa (?:terlebih dahulu )?(?!mengetahui|memiliki|melihat)\w+",
)
RUSSIAN = Phrases(
    sorry=r"извините|простите|прошу прощения|приношу (?:свои )?извинения|к сожалению|увы"
    r"|мне (?:очень )?жаль|сожалею",
    machine=r"(?:как|будучи|я|я\s?[—–-]|являясь) ?(?:всего лишь |просто )?(?:ии\b"
    r"|искусственн\w{2,3} интеллект"
    rf"|языков\w{{2,3}} модел|модел|ассистент|виртуальн){_REST}",
    leads=r"здравствуйте|привет|спасибо[^.,!\n]{0,60}|я понимаю[^.\n]{0,100}?,? но|но|однако|что|и|поэтому",
    declines=r"(?:я )?(?:не (?:могу|смогу|сможем|в состоянии|способ(?:ен|на)|буду|вправе|готова?"
    r"|имею возможности|уполномочена?)|вынужден[ао]? отказ|отказываюсь|должна? отказать)\w{0,4}(?: (?:вам"
    r"|тебе|с этим|в этом|на это|на этот вопрос|это|этого|этот запрос|вашу просьбу|ваш запрос)){0,2} ?"
    r"(?:помо[чг]|предостав|выполн|ответ|отвеча|созда|написать|дать|давать|сгенерир|обсужд|поддерж|содейств"
    r"|сделать(?= (?:это|этого)|[.!]|$)|просматрив|получить доступ|участв|продолж|оказ|удовлетвор|рассказ"
    r"|делиться|решить(?= (?:эт|без))|в (?:помощи|выполнении|ответе))\w{0,8}|(?:у меня нет|я не имею) "
    r"(?:доступа|возможности)",
    whole=r"\b(?:эт\w{1,3}|вам|тебе|ваш\w{0,2}|таки\w{1,2}|запрос\w{0,2})\b",
    turns=r"но|однако|тем не менее|в целом|поэтому|зато",
    offers=r"(?:я )?(?:могу|буду|готов|с радостью|если|пожалуйста|есть|вы можете|обратитесь)",
    limits=r"(?:без|не) [^.!?:\n]{0,10}(?:выписав|того,? чтобы)|,? не \w+(?:в|вши)\b",
)
ARABIC = Phrases(
    sorry=r"(?:انا )?(?:اسفة?|عذرا|معذرة|اعتذر|للاسف|يؤسفني|ناسف)(?: (?:جدا|بشدة))?",
    machine=r"(?:بصفتي|كنموذج|كوني|باعتباري|انا (?:مجرد )?(?:نموذج|مساعد))[^.،,\n]{0,60}",
    leads=r"شكرا[^.،!\n]{0,60}|مرحبا|اهلا|ولكن(?:ني|ي)?|لكن(?:ني|ي)?|ان(?:ي|ني)|الا انني|افهم [^.،\n]{0,80}"
    r"|و",
    declines=r"(?:ف|و)?(?:انا )?(?:لا (?:استطيع|يمكنني|اقدر|املك القدرة علي)|لن (?:استطيع|اتمكن من|اقوم ب)"
    r"|لست (?:قادرا|قادرة) علي|غير قادرة? علي|ليس بامكاني|ليس بوسعي|ليس لدي (?:القدرة علي|امكانية)|ارفض"
    r"|اعتذر عن(?: عدم)?) ?(?:ان )?(?:ال|ا|ل|ب)?(?:مساعد|تقديم|توفير|جاب|اجاب|رد\b|نشاء|انشاء|كتاب|تلبي"
    r"|كمال|اكمال|تنفيذ|مشارك|وصول|تصفح|ساعد|قدم|جيب|عطا|اعطا|قيام|امتثال|توليد|مناقش|متابع|دعم|تعامل"
    r"|قدر)\w{0,6}",
    whole=r"هذا|هذه|ذلك|طلبك|طلبكم|مساعدت",
    turns=r"و?لكن|و?لكنني|غير ان|ومع ذلك|مع ذلك|بشكل عام|لذلك",
    offers=r"(?:يمكنني|استطيع|اذا|يسعدني|يرجي|هناك|يمكنك|ساكون)",
)
HINDI = Phrases(
    sorry=r"क्षमा (?:करें|कीजिए|चाहता हूँ|चाहती हूँ)|माफ़? ?(?:करें|कीजिए)|मुझे (?:खेद|अफ़सोस|अफसोस) है"
    r"|दुर्भाग्य(?:वश| से)",
    machine=r"(?:मैं )?एक (?:एआई|ai|भाषा मॉडल|कृत्रिम)[^,।\n]{0,60}",
    leads=r"नमस्ते|धन्यवाद[^,।!\n]{0,40}|लेकिन|परंतु|परन्तु|मगर|कि|और",
    declines=r"(?:मैं|हम|इस|इसमें|आपकी|यह)[^।!?\n]{0,80}?(?:मदद|सहायता|उत्तर|जवाब|प्रदान|पूरा|बना|लिख|साझा"
    r"|जानकारी|अनुरोध)[^।!?,\n]{0,20}?(?:नहीं (?:(?:कर|दे|बना|लिख) )?(?:सकत|पाऊ)|असमर्थ|अक्षम"
    r"|में सक्षम नहीं)",
    whole=r"(?:इस|उस|यह|आपके|आपकी|ऐस)",
    turns=r"लेकिन|परंतु|परन्तु|मगर|हालांकि|हालाँकि|सामान्य तौर पर",
    offers=r"(?:मैं|यदि|अगर|कृपया|आप)",
    spaced=False,
)
CHINESE = Phrases(
    sorry=r"(?:很|非常|十分|真的?)?(?:抱歉|遗憾|遺憾)|对不起|對不起|不好意思|(?:请|請)(?:原谅|見諒|见谅)",
    machine=r"(?:作为|作為|我(?:只)?是|身为|身為)(?:一?[个個名位款])?(?:人工智能|人工智慧|ai|大?型?语言模型"
    r"|語言模型|智能助手|虚拟助手)[^，。,.!！\n]{0,20}",
    leads=r"您好|你好|(?:感谢|感謝|谢谢|謝謝)[^，。！,\n]{0,20}|我(?:理解|明白|了解)[^，。\n]{0,40}|但是?"
    r"|不过|不過|然而|因此|所以",
    declines=r"(?:[这這那该該此您][^，。！？\n]{0,8})?我?(?:目前|暂时|暫時|现在|真的|恐怕|还|還|们|們)?"
    r"(?:无法|無法|不能|不可以|没办法|沒辦法|没有办法|没有能力|不便|不方便|拒绝|拒絕|不会|不會"
    r"|不被允许)够?[^，。！？,.!?\n]{0,24}?(?:帮助|幫助|帮忙|幫忙|协助|協助|提供|回答|回应|回應|满足|滿足"
    r"|完成|执行|執行|生成|创建|創建|创作|创造|编写|編寫|撰写|撰寫|写|寫|给出|讨论|討論|处理|處理|参与|支持"
    r"|浏览|瀏覽|访问|訪問|上网|查看|分享|给予|解答|答复|帮[您你]|遵从|照做|继续|這麼做|这么做|这样做|解"
    r"(?=这|该|此))",
    whole=r"[这這那该該此您你]|请求|請求|要求",
    turns=r"但是?|不过|不過|然而|一般来说|總之|总的来说|可以肯定",
    offers=r"(?:我|如果|若|请|請|您|你|欢迎|有)",
    limits=r"(?!)",
    spaced=False,
)
JAPANESE = Phrases(
    sorry=r"(?:大変|誠に|まことに)?申し訳(?:ありません|ございません|ないです|ない)(?:が|けど|けれど)?"
    r"|すみません(?:が|けど)?|ごめんなさい|(?:大変)?恐(?:れ入ります|縮です)が|残念(?:ながら|ですが)"
    r"|あいにく(?:ですが)?",
    machine=r"(?:私は)?(?:人工知能|ai|大?規?模?言語モデル)[^。、\n]{0,12}(?:として|である私|なので|ですので"
    r"|のため|であるため|であり)",
    leads=r"こんにちは|ご(?:質問|連絡)ありがとうございます|しかし|ただ|ですが|私は|私には|私では",
    declines=r"(?=[\u3040-\u9fff])[^。！？!?\n]{0,60}?(?:お?応え|お?答え|お?手伝い|お力|対応|提供|協力|支援"
    r"|回答|作成|生成|実行|サポート|応じ|書く|アクセス|閲覧|お役に立|お教え|従う"
    r"|執筆)[^。！？!?、\n]{0,12}?(?:できません|出来ません|できかね|できない|しかねます|いたしかね|致しかね"
    r"|られません|えません|じかねます|えかねます|てません|お断り|控えさせて)"
    r"|(?=[\u3040-\u9fff])[^。！？!?\n]{0,40}?お断りいたします",
    whole=r"[そこ]の|それ|これ|ご(?:要望|依頼|質問|要求)|そのような",
    turns=r"しかし|ただし|けれども|一般的に|代わりに|(?<=ません)が、|(?<=ます)が、",
    offers=r"(?:他|ほか|別|もし|よろしければ|お手伝い|何か|喜んで)",
    spaced=False,
)
KOREAN = Phrases(
    sorry=r"(?:정말 |대단히 )?(?:죄송|미안)(?:합니다만|하지만|합니다|스럽지만|해요)|유감(?:스럽게도|이지만)"
    r"|안타깝게도|아쉽게도",
    machine=r"(?:저는 )?(?:ai|인공지능|(?:대규모 )?언어 모델)[^.,\n]{0,16}?(?:로서|이기 때문에|이므로"
    r"|이라서|이라|입니다)",
    leads=r"안녕하세요|감사합니다|하지만|그러나|저는|제가",
    declines=r"(?=[\uac00-\ud7a3])[^.!?\n]{0,60}?(?:도와|도움|제공|답변|대답|응답|작성|생성|수행|지원|처리"
    r"|응할|들어 ?드릴|따를|접근|알려|써 ?드릴)[^.!?,\n]{0,16}?(?:수(?:가|는)? 없|어렵습니다|못합니다"
    r"|불가능)",
    whole=r"(?:이|그|해당|그런|이런|요청)",
    turns=r"하지만|그러나|다만|일반적으로|대신|(?<=없)지만|(?<=없)습니다만",
    offers=r"(?:다른|만약|원하|혹시|제가|도움|언제든)",
    spaced=False,
)

LANGUAGES = (
    SPANISH, FRENCH, GERMAN, PORTUGUESE, ITALIAN, INDONESIAN, RUSSIAN,
    ARABIC, HINDI, CHINESE, JAPANESE, KOREAN,
)  # fmt: skip
