"""The tables of `phrases/`: the same shape in every language, and what each of them reads and asks."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest

from mkcards.config import Config
from mkcards.extract import extract
from mkcards.language import detect, function_words
from mkcards.parse import parse
from mkcards.phrase_tables import LANGUAGES, NEUTRAL
from mkcards.phrasing import phrases

ALL = (*LANGUAGES, NEUTRAL)
TRAITS = (
    "spaced",
    "head_first",
    "capital_nouns",
    "bent_terms",
    "opening_prepositions",
    "opening_questions",
    "subject_first",
    "generic_article",
    "plain_glosses",
)
"""What a language does or does not do, rather than a list of its words."""
OTHERS = tuple(code for code in ALL if code != "en")


def entries(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, dict)) else [value]


def placeholders(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name)


def defined(code: str, sentence: str) -> tuple[str, str] | None:
    """Return what the first pattern with a fit term finds, unless the predicate defines nothing."""
    table = phrases(code)
    for pattern in table.definitions:
        match = pattern.fullmatch(sentence)
        if match:
            term, definition = match["term"], match["definition"]
            if not any(table.starts_with(term, key) for key in ("leaning", "prepositions")):
                return None if table.no_definition.match(definition) else (term, definition)
    return None


def named(code: str, sentence: str) -> tuple[str, str] | None:
    for pattern in phrases(code).called:
        match = pattern.fullmatch(sentence)
        if match:
            return match["term"], match["definition"]
    return None


def condition(code: str, sentence: str) -> tuple[str, str, str] | None:
    for pattern in phrases(code).conditions:
        match = pattern.fullmatch(sentence)
        if match:
            return match["subject"], match["term"], match["definition"]
    return None


def split(code: str, text: str) -> list[str]:
    return [text[start:end] for start, end in phrases(code).sentences(text)]


def test_the_languages() -> None:
    assert LANGUAGES == ("en", "de", "fr", "es", "it", "zh", "zh-hant", "ru", "pt", "da", "pl")
    with pytest.raises(KeyError, match=r"^'tr'$"):
        phrases("tr")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_words_of_a_language_are_read_without_its_table(code: str) -> None:
    assert function_words(code) == phrases(code).words("function_words")


@pytest.mark.parametrize("code", OTHERS)
def test_every_table_has_the_keys_of_english_in_their_order(code: str) -> None:
    assert list(phrases(code).table) == list(phrases("en").table)


@pytest.mark.parametrize("code", OTHERS)
def test_every_value_has_the_type_that_it_has_in_english(code: str) -> None:
    english = phrases("en").table
    types = {key: type(value) for key, value in phrases(code).table.items()}
    assert types == {key: type(value) for key, value in english.items()}


@pytest.mark.parametrize("code", ALL)
def test_every_trait_is_true_or_false(code: str) -> None:
    assert {key: type(phrases(code).table[key]) for key in TRAITS} == dict.fromkeys(TRAITS, bool)


@pytest.mark.parametrize("code", ALL)
def test_every_word_is_a_word(code: str) -> None:
    """YAML reads an unquoted `no` or `on` as a boolean."""
    table = {key: value for key, value in phrases(code).table.items() if key not in TRAITS}
    assert [
        (key, one) for key, value in table.items() for one in entries(value) if not isinstance(one, str)
    ] == []


@pytest.mark.parametrize("code", ALL)
def test_no_list_says_a_word_twice(code: str) -> None:
    lists = {key: value for key, value in phrases(code).table.items() if isinstance(value, list)}
    assert [(key, one) for key, value in lists.items() for one in value if value.count(one) > 1] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_are_from_two_to_twelve(code: str) -> None:
    assert set(phrases(code).table["number_words"].values()) <= set(range(2, 13))


@pytest.mark.parametrize("code", LANGUAGES)
def test_questions_have_the_placeholders_of_english(code: str) -> None:
    english = phrases("en").table["questions"]
    questions = phrases(code).table["questions"]
    assert list(questions) == list(english)
    wanted = {key: placeholders(text) for key, text in english.items()}
    assert {key: placeholders(text) for key, text in questions.items()} == wanted


@pytest.mark.parametrize("code", LANGUAGES)
def test_questions_end_as_questions(code: str) -> None:
    questions = phrases(code).table["questions"]
    mark = "？" if code.startswith("zh") else "?"
    others = {key: text for key, text in questions.items() if not text.endswith((mark, "{question}"))}
    assert others == {"list_complete": questions["list_complete"]}  # it says what to do with half a sentence


@pytest.mark.parametrize("code", ALL)
def test_verbs_that_ask_for_another_question_are_verbs(code: str) -> None:
    table = phrases(code).table
    verbs = re.compile("|".join(sorted(table["verbs"], key=len, reverse=True)))
    # What stands before a verb belongs to the sentence, so that look-behinds see it.
    wanted = [*table["plural_verbs"], *table["occurrence_verbs"], *table["stating_verbs"]]
    assert [verb for verb in wanted if not verbs.fullmatch(f"X {verb}", 2)] == []


@pytest.mark.parametrize("code", ALL)
def test_every_pattern_compiles_and_names_its_parts(code: str) -> None:
    table = phrases(code)
    assert all({"term", "definition"} <= set(one.groupindex) for one in (*table.definitions, *table.called))
    assert all({"subject", "term", "definition"} <= set(one.groupindex) for one in table.conditions)
    assert all({"term", "definition", "tail"} <= set(one.groupindex) for one in table.marked)
    assert len(table.naming) == len(table.table["naming"])
    assert table.no_definition.match("") is None
    assert re.compile(table.table["head_ends"]).search("X") is None


@pytest.mark.parametrize(
    ("code", "sentence", "term", "definition"),
    [
        ("en", "By entropy, I mean a measure of disorder", "entropy", "a measure of disorder"),
        ("en", "A graph is a set of nodes and edges", "graph", "a set of nodes and edges"),
        ("en", "In optics, a lens is a body that bends light", "lens", "a body that bends light"),
        ("de", "Ein Graph ist eine Menge von Knoten und Kanten", "Graph", "eine Menge von Knoten und Kanten"),
        (
            "de",
            "Unter Osmose versteht man die Diffusion durch eine Membran",
            "Osmose",
            "die Diffusion durch eine Membran",
        ),
        (
            "de",
            "Der Begriff „Osmose“ bezeichnet die Diffusion durch eine Membran",
            "Osmose",
            "die Diffusion durch eine Membran",
        ),
        (
            "de",
            "Mit Osmose ist die Diffusion durch eine Membran gemeint",
            "Osmose",
            "die Diffusion durch eine Membran",
        ),
        (
            "de",
            "Als Osmose wird die Diffusion durch eine Membran bezeichnet",
            "Osmose",
            "die Diffusion durch eine Membran",
        ),
        (
            "de",
            "Enzyme sind Proteine, die Reaktionen beschleunigen",
            "Enzyme",
            "Proteine, die Reaktionen beschleunigen",
        ),
        (
            "de",
            "Die Varianz ist ein in der Statistik übliches Maß",
            "Varianz",
            "ein in der Statistik übliches Maß",
        ),
        (
            "fr",
            "La photosynthèse est la conversion de la lumière",
            "photosynthèse",
            "la conversion de la lumière",
        ),
        ("fr", "L'ostéoporose désigne une fragilité des os", "ostéoporose", "une fragilité des os"),
        ("fr", "L’ostéoporose, c’est la fragilité des os", "ostéoporose", "la fragilité des os"),
        ("fr", "En optique, une lentille est un corps transparent", "lentille", "un corps transparent"),
        ("fr", "Par entropie, on entend une mesure du désordre", "entropie", "une mesure du désordre"),
        ("fr", "On appelle arbre binaire un arbre à deux fils", "arbre binaire", "un arbre à deux fils"),
        (
            "es",
            "La fotosíntesis es el proceso que convierte luz en energía",
            "fotosíntesis",
            "el proceso que convierte luz en energía",
        ),
        ("es", "Por entropía se entiende una medida del desorden", "entropía", "una medida del desorden"),
        (
            "es",
            "Se llama número primo a un entero con dos divisores",
            "número primo",
            "un entero con dos divisores",
        ),
        ("es", "Las enzimas son moléculas de proteína", "enzimas", "moléculas de proteína"),
        (
            "es",
            "El aprendizaje no supervisado es una técnica sin etiquetas",
            "aprendizaje no supervisado",
            "una técnica sin etiquetas",
        ),
        (
            "it",
            "La fotosintesi è il processo che converte la luce",
            "fotosintesi",
            "il processo che converte la luce",
        ),
        (
            "it",
            "L'osmosi indica la diffusione attraverso una membrana",
            "osmosi",
            "la diffusione attraverso una membrana",
        ),
        ("it", "Per entropia si intende una misura del disordine", "entropia", "una misura del disordine"),
        (
            "it",
            "Si chiama numero primo un intero con due divisori",
            "numero primo",
            "un intero con due divisori",
        ),
        ("it", "Un primo è definito come un intero con due divisori", "primo", "un intero con due divisori"),
        ("zh", "监督学习是一种利用标注数据的方法", "监督学习", "一种利用标注数据的方法"),
        ("zh", "所谓过拟合，是指模型只记住了训练数据", "过拟合", "模型只记住了训练数据"),
        ("zh", "光合作用指植物转化光能的过程", "光合作用", "植物转化光能的过程"),
        ("zh", "学习率指的是每次更新的步长", "学习率", "每次更新的步长"),
        ("zh", "熵（又称混乱度）是系统无序程度的度量", "熵", "系统无序程度的度量"),
        ("zh", "在统计学中，众数是出现次数最多的数值", "众数", "出现次数最多的数值"),
        ("zh", "BERT 是一种预训练语言模型", "BERT", "一种预训练语言模型"),
        ("ru", "Осмос — это диффузия через мембрану", "Осмос", "диффузия через мембрану"),
        ("ru", "Осмос - это диффузия через мембрану", "Осмос", "диффузия через мембрану"),
        ("ru", "Граф это множество вершин и рёбер", "Граф", "множество вершин и рёбер"),
        ("ru", "Осмос (от греч. «толчок») — это диффузия", "Осмос", "диффузия"),
        ("ru", "В оптике линза — это прозрачное тело", "линза", "прозрачное тело"),
        ("ru", "Энтропия представляет собой меру хаоса", "Энтропия", "представляет собой меру хаоса"),
        ("ru", "Энтропия является мерой хаоса", "Энтропия", "является мерой хаоса"),
        ("ru", "Под термином «осмос» понимают диффузию", "осмос", "диффузию"),
        ("ru", "Под MVCC понимают хранение версий строк", "MVCC", "хранение версий строк"),
        (
            "pt",
            "A fotossíntese é o processo que converte luz em energia",
            "fotossíntese",
            "o processo que converte luz em energia",
        ),
        ("pt", "A lente consiste num corpo transparente", "lente", "corpo transparente"),
        ("pt", "O mangue (ou manguezal), é uma floresta de maré", "mangue", "uma floresta de maré"),
        ("pt", "Na óptica, uma lente é um corpo transparente", "lente", "um corpo transparente"),
        ("pt", "Por entropia entende-se uma medida da desordem", "entropia", "uma medida da desordem"),
        ("pt", "Entende-se por entropia uma medida da desordem", "entropia", "uma medida da desordem"),
        ("pt", "Chama-se primo a um inteiro com dois divisores", "primo", "um inteiro com dois divisores"),
        ("pt", "Chamamos de mediana o valor do meio da amostra", "mediana", "valor do meio da amostra"),
        ("pt", "Designa-se por foz o lugar onde o rio acaba", "foz", "lugar onde o rio acaba"),
        ("pt", "O termo “osmose” refere-se à difusão da água", "osmose", "difusão da água"),
        ("pt", "Um grafo pode ser definido como um par de conjuntos", "grafo", "um par de conjuntos"),
        ("pt", "Foz é o nome dado ao lugar onde o rio acaba", "Foz", "lugar onde o rio acaba"),
        ("pt", "As enzimas são moléculas de proteína", "enzimas", "moléculas de proteína"),
    ],
)
def test_sentences_that_define(code: str, sentence: str, term: str, definition: str) -> None:
    assert defined(code, sentence) == (term, definition)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("en", "The median is robust to outliers"),
        ("en", "This is a method of statistics"),
        ("en", "The model is not a list of rules"),
        ("de", "Der Median ist robust gegen Ausreißer"),
        ("de", "Der Median ist nicht der Mittelwert"),
        ("de", "Dies ist eine Methode der Statistik"),
        ("de", "Das Verfahren ist besser als sein Vorgänger"),
        ("de", "Das Modell ist ein gutes Beispiel"),
        ("de", "Das Modell kann eine Lösung finden"),
        ("fr", "La médiane est utilisée dans les statistiques"),
        ("fr", "La médiane n'est pas la moyenne"),
        ("fr", "Les médianes ne sont pas des moyennes"),
        ("fr", "Le cœur est une pompe plus puissante que le foie"),
        ("fr", "Le modèle peut trouver une solution"),
        ("es", "El gradiente no es un escalar"),
        ("es", "La mediana es utilizada en estadística"),
        ("es", "Esto es una prueba"),
        ("es", "La dieta es una de las razones principales"),
        ("it", "Il gradiente non è uno scalare"),
        ("it", "La mediana è usata in statistica"),
        ("it", "Questo è un metodo"),
        ("it", "Il cuore è una pompa più potente del fegato"),
        ("zh", "鲸不是鱼"),
        ("zh", "鲸不是鱼，而是哺乳动物"),
        ("zh", "这是一种方法"),
        ("zh", "该模型是在1990年提出的"),
        ("zh", "光合作用是植物最重要的过程之一"),
        ("zh", "梯度指数很有效"),
        ("zh", "模型可以找到答案"),
        ("ru", "Это метод статистики"),
        ("ru", "Медиана — это не среднее"),
        ("ru", "Медиана не является средним"),
        ("ru", "Мерой хаоса является энтропия"),
        ("ru", "Медиана является устойчивой"),
        ("ru", "Медиана — это один из лучших способов"),
        ("ru", "Передай это устройству с этим адресом"),
        ("ru", "Энтропией называется мера хаоса"),
        ("ru", "Под энтропией понимают меру хаоса"),
        ("ru", "Модель может найти решение"),
        ("pt", "O gradiente não é um escalar"),
        ("pt", "O gradiente também é um campo"),
        ("pt", "A mediana é usada em estatística"),
        ("pt", "A união é obtida juntando os vértices"),
        ("pt", "A febre é frequentemente um sintoma"),
        ("pt", "Isto é uma prova"),
        ("pt", "A dieta é uma das razões principais"),
        ("pt", "A fila é um dos modelos mais simples"),
        ("pt", "O monte é um exemplo de árvore"),
        ("pt", "O coração é uma bomba mais potente que o fígado"),
        ("pt", "O galego é a minha língua materna"),
        ("pt", "Chama-se a função principal a cada volta"),
    ],
)
def test_sentences_that_do_not_define(code: str, sentence: str) -> None:
    assert defined(code, sentence) is None


@pytest.mark.parametrize(
    ("code", "sentence", "term", "definition"),
    [
        ("en", "The step from solid to liquid is called melting", "melting", "The step from solid to liquid"),
        (
            "de",
            "Die Abweichung vom Erwartungswert wird als Verzerrung bezeichnet",
            "Verzerrung",
            "Die Abweichung vom Erwartungswert",
        ),
        (
            "de",
            "Der Übergang von fest zu flüssig wird auch Schmelzen genannt",
            "Schmelzen",
            "Der Übergang von fest zu flüssig",
        ),
        (
            "de",
            "Den Übergang von fest zu flüssig nennt man Schmelzen",
            "Schmelzen",
            "Den Übergang von fest zu flüssig",
        ),
        (
            "fr",
            "Le passage du solide au liquide est appelé fusion",
            "fusion",
            "Le passage du solide au liquide",
        ),
        (
            "fr",
            "Le passage du solide au liquide s'appelle la fusion",
            "fusion",
            "Le passage du solide au liquide",
        ),
        ("es", "El paso de sólido a líquido se llama fusión", "fusión", "El paso de sólido a líquido"),
        ("es", "Al paso de sólido a líquido se le llama fusión", "fusión", "paso de sólido a líquido"),
        (
            "it",
            "Il passaggio da solido a liquido si chiama fusione",
            "fusione",
            "Il passaggio da solido a liquido",
        ),
        ("zh", "固体变成液体的过程称为熔化", "熔化", "固体变成液体的过程"),
        ("zh", "我们把固体变成液体的过程叫做熔化", "熔化", "固体变成液体的过程"),
        ("ru", "Поток строк между узлами называется shuffle", "shuffle", "Поток строк между узлами"),
        ("ru", "Поток строк между узлами известен как обмен", "обмен", "Поток строк между узлами"),
        ("ru", "Такой переход носит название плавление", "плавление", "Такой переход"),
        ("pt", "A passagem de sólido a líquido chama-se fusão", "fusão", "A passagem de sólido a líquido"),
        ("pt", "À passagem de sólido a líquido dá-se o nome de fusão", "fusão", "passagem de sólido a líquido"),
        ("pt", "A passagem de sólido a líquido é chamada de fusão", "fusão", "A passagem de sólido a líquido"),
        ("pt", "O valor do meio é também designado por mediana", "mediana", "O valor do meio"),
    ],
)
def test_sentences_that_give_a_name(code: str, sentence: str, term: str, definition: str) -> None:
    assert named(code, sentence) == (term, definition)


@pytest.mark.parametrize(
    "sentence",
    [
        "Quando o rio sobe, a água que sobra é chamada de cheia",
        "Os rios correm, e suas margens são chamadas de ribas",
        "Dado um rio, a água que sobra é chamada de cheia",
        "O valor do meio também é chamado de mediana",
        "O vetor $v$ é chamado de diretor",
        "A função que soma é chamada por outra",
    ],
)
def test_portuguese_sentences_that_give_no_name(sentence: str) -> None:
    found = named("pt", sentence)
    assert found is None or phrases("pt").starts_with(found[0], "prepositions")


@pytest.mark.parametrize(
    ("code", "sentence", "parts"),
    [
        (
            "en",
            "A matrix is invertible if and only if it has full rank",
            ("A matrix", "invertible", "it has full rank"),
        ),
        (
            "de",
            "Eine Matrix ist genau dann invertierbar, wenn sie vollen Rang hat",
            ("Eine Matrix", "invertierbar", "sie vollen Rang hat"),
        ),
        (
            "fr",
            "Une matrice est inversible si et seulement si son rang est plein",
            ("Une matrice", "inversible", "son rang est plein"),
        ),
        (
            "es",
            "Una matriz es invertible si y solo si su rango es máximo",
            ("Una matriz", "invertible", "su rango es máximo"),
        ),
        (
            "it",
            "Una matrice è invertibile se e solo se il suo rango è massimo",
            ("Una matrice", "invertibile", "il suo rango è massimo"),
        ),
        ("zh", "如果矩阵的行列式不为零，则称矩阵为可逆矩阵", ("矩阵", "可逆矩阵", "矩阵的行列式不为零")),
        (
            "ru",
            "Матрица называется обратимой тогда и только тогда, когда её ранг полон",
            ("Матрица", "обратимой", "её ранг полон"),
        ),
        (
            "pt",
            "Uma matriz é invertível se e somente se o seu posto é máximo",
            ("Uma matriz", "invertível", "o seu posto é máximo"),
        ),
        (
            "pt",
            "Diz-se que dois grafos são isomorfos, se e só se têm a mesma forma",
            ("dois grafos", "isomorfos", "têm a mesma forma"),
        ),
        ("pt", "Um conjunto é dito finito quando se pode contar", ("Um conjunto", "finito", "se pode contar")),
    ],
)
def test_conditions(code: str, sentence: str, parts: tuple[str, str, str]) -> None:
    assert condition(code, sentence) == parts


@pytest.mark.parametrize(
    ("code", "label", "head", "names"),
    [
        ("en", "Advantages of the method", "Advantages", True),
        ("en", "The method", "method", False),
        ("de", "Drei Phasen des Trainings", "Phasen", True),
        ("de", "Trainingsphasen", "Trainingsphasen", True),
        ("de", "Ursachen und Folgen", "Folgen", True),
        ("de", "Die Methode", "Methode", False),
        ("fr", "Les trois principaux avantages de la méthode", "avantages", True),
        ("fr", "Principales causes de l'anémie", "causes", True),
        ("fr", "L'anémie", "anémie", False),
        ("es", "Las principales ventajas del método", "ventajas", True),
        ("es", "El método", "método", False),
        ("it", "I quattro stadi del sonno", "stadi", True),
        ("it", "L'anemia", "anemia", False),
        ("zh", "监督学习的优点", "优点", True),
        ("zh", "监督学习", "监督学习", False),
        ("zh", "二分法", "二分法", False),
        ("ru", "Виды памяти", "Виды", True),
        ("ru", "Основные преимущества хранения и обработки", "преимущества", True),
        ("ru", "Два вида памяти", "вида", False),
        ("ru", "Основная идея метода", "идея", False),
        ("ru", "Линейная алгебра", "Линейная", False),
        ("pt", "As principais vantagens do método", "vantagens", True),
        ("pt", "Efeitos colaterais", "Efeitos", True),
        ("pt", "O viés", "viés", False),
        ("pt", "O método", "método", False),
    ],
)
def test_labels_that_name_items(code: str, label: str, head: str, names: bool) -> None:
    assert (phrases(code).head(label), phrases(code).names_items(label)) == (head, names)


@pytest.mark.parametrize(
    ("code", "label", "count"),
    [
        ("en", "Three phases", (3, "Three")),
        ("en", "Phase 3", None),
        ("en", "Two 'phases' of the moon", (2, "Two")),
        ("en", "7 - The third tide", None),
        ("en", "3% of the water", None),
        ("de", "Die fünf Phasen", (5, "fünf")),
        ("de", "Die beiden Arten", (2, "beiden")),
        ("de", "Drei-Phasen-Modell", None),
        ("fr", "Les trois phases", (3, "trois")),
        ("es", "Cuatro tipos de memoria", (4, "Cuatro")),
        ("it", "I due tipi", (2, "due")),
        ("it", "2° ciclo", None),
        ("es", "La 2ª fase", None),
        ("zh", "训练的三个阶段", (3, "三个")),
        ("zh", "两种方法", (2, "两种")),
        ("zh", "3个步骤", (3, "3个")),
        ("zh", "第三个阶段", None),
        ("zh", "二十三个问题", None),
        ("zh", "三角形的性质", None),
        ("ru", "Три этапа обучения", (3, "Три")),
        ("ru", "Состоит из двух частей", (2, "двух")),
        ("ru", "Этап 3", None),
        ("pt", "As duas fases", (2, "duas")),
        ("pt", "Quatro tipos de memória", (4, "Quatro")),
    ],
)
def test_labels_that_count(code: str, label: str, count: tuple[int, str] | None) -> None:
    assert phrases(code).count(label) == count


@pytest.mark.parametrize(
    ("code", "text", "asks"),
    [
        ("en", "Why does it fail", True),
        ("en", "Failure", False),
        ("de", "Warum scheitert es", True),
        ("de", "„Was heißt das?“", True),
        ("de", "Wasser", False),
        ("fr", "Qu'est-ce que l'entropie", True),
        ("fr", "« Pourquoi ? »", True),
        ("fr", "Quantité", False),
        ("es", "¿Cómo funciona", True),
        ("es", "Que llueva", False),
        ("it", "Che cos'è l'entropia", True),
        ("it", "Chimica", False),
        ("zh", "什么是监督学习", True),
        ("zh", "几何的历史", False),
        ("ru", "Почему это не работает", True),
        ("ru", "В чём разница", True),
        ("ru", "Где применяется", True),
        ("ru", "где $x$ — длина", False),
        ("ru", "Чтобы проверить", False),
        ("pt", "O que é a entropia", True),
        ("pt", "Por que o motor para", True),
        ("pt", "Porque chove", False),
        ("pt", "O quarto", False),
    ],
)
def test_questions(code: str, text: str, asks: bool) -> None:
    assert phrases(code).is_question(text) is asks


@pytest.mark.parametrize(
    ("code", "text", "sentences"),
    [
        ("en", "See e.g. Fig. 3 or No. 4. Then go on.", ["See e.g. Fig. 3 or No. 4.", "Then go on."]),
        (
            "de",
            "Das gilt z. B. am 3. Oktober bzw. im 19. Jahrhundert. Danach nicht.",
            ["Das gilt z. B. am 3. Oktober bzw. im 19. Jahrhundert.", "Danach nicht."],
        ),
        ("de", "„Das ist so.“ Mehr nicht.", ["„Das ist so.“", "Mehr nicht."]),
        (
            "fr",
            "C'est vrai (cf. Fig. 2), p. ex. chez M. Dupont. Fin.",
            ["C'est vrai (cf. Fig. 2), p. ex. chez M. Dupont.", "Fin."],
        ),
        (
            "es",
            "Lo dijo la Dra. Ruiz en EE. UU. en 1990. Fin.",
            ["Lo dijo la Dra. Ruiz en EE. UU. en 1990.", "Fin."],
        ),
        (
            "it",
            "Lo disse il dott. Rossi, cfr. Fig. 2. Fine.",
            ["Lo disse il dott. Rossi, cfr. Fig. 2.", "Fine."],
        ),
        ("zh", "他说：“对。”然后离开。为什么？", ["他说：“对。”", "然后离开。", "为什么？"]),
        (
            "ru",
            "Так было в 1990 г. в США и т. д., см. рис. 2. Потом — нет.",
            ["Так было в 1990 г. в США и т. д., см. рис. 2.", "Потом — нет."],
        ),
        (
            "pt",
            "Disse-o a Dra. Sousa, cf. Fig. 2, no séc. XX. Fim.",
            ["Disse-o a Dra. Sousa, cf. Fig. 2, no séc. XX.", "Fim."],
        ),
    ],
)
def test_sentences(code: str, text: str, sentences: list[str]) -> None:
    assert split(code, text) == sentences


@pytest.mark.parametrize(
    ("code", "label", "clause"),
    [
        ("de", "Das Modell hat drei Teile", True),
        ("de", "Macht und Wissen", False),
        ("fr", "Le modèle comprend trois parties", True),
        ("fr", "Vitamine A", False),
        ("es", "El modelo tiene tres partes", True),
        ("es", "Partes del modelo", False),
        ("it", "Il modello ha tre parti", True),
        ("it", "Parti del modello", False),
        ("zh", "模型包括三个部分", True),
        ("zh", "模型有三个部分", True),
        ("zh", "所有模型的性能和限制", False),
        ("ru", "Модель состоит из трёх частей", True),
        ("ru", "Пример запроса", True),
        ("ru", "Части модели", False),
        ("pt", "O modelo divide-se em três partes", True),
        ("pt", "Partes do modelo", False),
        ("pt", "Busca em largura", False),
    ],
)
def test_clauses(code: str, label: str, clause: bool) -> None:
    assert phrases(code).is_clause(label) is clause


@pytest.mark.parametrize(
    ("code", "key", "text"),
    [
        ("zh", "connectives", "设计模式"),
        ("zh", "connectives", "注意力机制"),
        ("zh", "connectives", "假设检验"),
        ("zh", "leaning", "本体论"),
        ("zh", "example_labels", "样本空间"),
        ("zh", "question_words", "几何"),
        ("fr", "leaning", "Ensemble fini"),
        ("it", "leaning", "Insieme finito"),
        ("es", "example_labels", "Muestra aleatoria"),
        ("de", "leaning", "Das Integral"),
        ("de", "example_labels", "Aufgaben der Leber"),
        ("ru", "leaning", "Данные и модели"),
        ("ru", "question_words", "Кактус"),
        ("ru", "connectives", "Итерация"),
        ("ru", "prepositions", "Выборка"),
        ("pt", "connectives", "Dados pessoais"),
        ("pt", "connectives", "Caso base"),
        ("pt", "example_labels", "Amostra aleatória"),
        ("pt", "example_labels", "Resolução de problemas"),
        ("pt", "prepositions", "Segundo teorema"),
    ],
)
def test_openings_that_are_part_of_a_term(code: str, key: str, text: str) -> None:
    assert phrases(code).starts_with(text, key) == ""


@pytest.mark.parametrize(
    ("code", "text", "bare"),
    [
        ("de", "Der Median", "Median"),
        ("fr", "L'anémie", "anémie"),
        ("fr", "L’anémie", "anémie"),
        ("fr", "Laon", "Laon"),
        ("es", "La media", "media"),
        ("it", "Un'idea", "idea"),
        ("it", "L'anemia", "anemia"),
        ("zh", "中位数", "中位数"),
        ("pt", "Uma média", "média"),
        ("pt", "Oásis", "Oásis"),
        ("en", "“The rope”", "“rope”"),
    ],
)
def test_without_article(code: str, text: str, bare: str) -> None:
    assert phrases(code).without_article(text) == bare


@pytest.mark.parametrize(
    ("code", "what_is", "list_plural"),
    [
        ("en", "What is X?", "What are the Y?"),
        ("de", "Was ist X?", "Y: welche sind das?"),
        ("fr", "Comment définir X\u00a0?", "Y\u00a0: quels éléments\u00a0?"),
        ("es", "¿Qué es X?", "Y: ¿cuáles son?"),
        ("it", "Che cos'è X?", "Y: quali sono?"),
        ("zh", "什么是X？", "Y有哪些？"),
        ("ru", "Что такое X?", "Каковы Y?"),
        ("pt", "O que é X?", "Y: quais são?"),
    ],
)
def test_asking(code: str, what_is: str, list_plural: str) -> None:
    table = phrases(code)
    assert (table.ask("what_is", term="X"), table.ask("list_plural", label="Y", n=3)) == (
        what_is,
        list_plural,
    )


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("phases", True),
        ("criteria", True),
        ("people", True),
        ("hypotheses", True),
        ("method", False),
        ("bias", False),
        ("analysis", False),
        ("physics", False),
        ("class", False),
        ("virus", False),
        ("fairness", False),
        ("lens", False),
    ],
)
def test_english_plurals(word: str, plural: bool) -> None:
    assert phrases("en").is_plural(word) is plural


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The wind carries the seeds of the tree to a field, and some of them grow in the spring.", "en"),
        ("Der Wind trägt die Samen des Baumes auf ein Feld, und einige von ihnen keimen im Frühling.", "de"),
        ("Le vent porte les graines de l'arbre dans un champ, et certaines germent au printemps.", "fr"),
        ("El viento lleva las semillas del árbol a un campo, y algunas de ellas brotan en primavera.", "es"),
        ("Il vento porta i semi dell'albero in un campo, e alcuni di essi germogliano in primavera.", "it"),
        ("O vento leva as sementes da árvore até um campo, e algumas delas brotam na primavera.", "pt"),
        ("O vento é o que leva as sementes, mas não as leva todas: algumas ficam junto das árvores.", "pt"),
        ("O Sr. Vento não dorme. Ele leva sementes pelo campo.", "pt"),
        ("Vinden bærer træets frø ud på en mark, og nogle af dem spirer til foråret, når jorden ikke er kold.", "da"),
        ("Vinden bærer treets frø ut på en mark, og noen av dem spirer til våren, når jorden ikke er kald.", ""),
        ("Vinden bär trädets frön ut på en åker, och några av dem gror till våren, när jorden inte är kall.", ""),
        ("Vindurinn ber fræ trésins út á akurinn og sum þeirra spíra að vori þegar jörðin er ekki köld.", ""),
        ("De wind draagt de zaden van de boom naar een akker, en sommige ervan kiemen in het voorjaar.", ""),
        ("Vent duu les llavors de l'arbre fins al camp, i algunes brosten a la primavera.", ""),
        ("Wiatr niesie nasiona, które nie są ciężkie, na pole, a niektóre z nich kiełkują, gdy jest ciepło.", "pl"),
        ("Vítr nese semena stromu na pole, a některá z nich na jaře vyklíčí, když je půda teplá.", ""),
        ("风把树的种子带到田野里，有些种子会在春天发芽。", "zh"),
        ("風把樹的種子帶到田野裡，有些種子會在春天發芽。", "zh-hant"),
        ("Ветер несёт семена дерева в поле, и некоторые из них прорастают весной.", "ru"),
        ("Паруса: кливер, стаксель, бизань. Канаты: шкот, фал, брасы. Этапы: подъём, уборка.", "ru"),
        ("Deck, mast, hull, sail, rope, anchor, bow, stern, keel: палубы, мачты.", ""),
        ("Вітрила: клівер, стаксель, бізань. Канати: шкот, фал. Етапи: підйом.", ""),
        ("Платна: кливер, стаксел, бизан. Въжета: шкот, фал, брасове. Етапи: вдигане.", ""),
        ("Вітер несе насіння дерева в поле, і деякі з них навесні проростають.", ""),
        ("Вятърът носи семената на дървото в полето и някои от тях поникват през пролетта.", ""),
        (
            "Rüzgâr ağacın tohumlarını bir tarlaya taşır ve bazıları ilkbaharda filizlenir; onu sular.",
            "",
        ),
        (
            "Tuuli kantaa puun siemenet pellolle, joka on yhä kostea ja on pian lämmin.",
            "",
        ),
        ("Una vela si alza se $$x + y\\forall y$$ $y$ non è il vento: quindi una nave sta ferma.", "it"),
        ("風が木の種を畑に運び、そのいくつかは春に芽を出します。", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text(text: str, code: str) -> None:
    assert detect([text]) == code


@pytest.mark.parametrize(("said", "code"), [("zh", "zh-hant"), ("zh-TW", "zh-hant"), ("de", "de")])
def test_what_a_note_says_of_its_language_leaves_open_in_which_characters_it_is(said: str, code: str) -> None:
    note, _ = parse("Note.md", f"---\nlang: {said}\n---\n# 繩結\n\n風把樹的種子帶到田野裡。\n")
    assert extract(note, Config()).language == code


def test_the_tables_of_both_kinds_of_chinese_differ_by_their_characters_alone() -> None:
    simple, full = phrases("zh").table["questions"], phrases("zh-hant").table["questions"]
    assert (simple["what_is"], full["what_is"]) == ("什么是{term}？", "什麼是{term}？")
    assert {key: len(text) for key, text in full.items()} == {key: len(text) for key, text in simple.items()}


def test_a_note_may_open_in_another_language() -> None:
    opening = ["The state of a process that is waiting for the end of an event in the queue."] * 10
    rest = ["Il processo che è in attesa della fine di un evento nella coda non può essere eseguito."] * 40
    assert detect(opening + rest) == "it"
