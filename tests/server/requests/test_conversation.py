"""Of a conversation only what is worth recalling is kept, and the rest is left out for a reason."""

from __future__ import annotations

import pytest

from mem0_tui.server.requests.conversation import passed_over

OTHER = "another message of the same exchange was kept"


def reasons(*turns: tuple[str, str], captured: bool = True) -> list[str | None]:
    messages = [{"role": role, "content": content} for role, content in turns]
    return passed_over(messages, captured=captured)


@pytest.mark.parametrize(
    "prompt",
    [
        "How do releases of the shop work?",
        "how do i run the tests",
        "what's the port of the staging database",
        "so why is this test flaky",
        "Can you add a health check to the API",
        "could you please rename the module",
        "is there a script for releases",
        "Isn't it the same as last week",
        "CI is red since this morning. Why?",
        "Why is CI red?! It was green yesterday.",
        "The build fails on main (is it the cache?)",
        "wie laufen die Releases ab?",
        "测试怎么运行？",
        "كيف أشغل الاختبارات؟",
        "¿Cómo se publica la tienda?",
        "really?",
        # Marks of other scripts
        "デプロイは自動？それとも手動",
        "Πώς τρέχω τα τεστ;",
        "Πού είναι το αρχείο\u037e",
        "Ինչպե՞ս գործարկել թեստերը",
        "ፈተናዎቹን እንዴት አሂዳለሁ፧",
        "Really‽ It was green yesterday",
        "Hola, ¿cuándo sale la próxima versión",
        "چگونه تست‌ها را اجرا کنم؟",
        # Without a mark
        "wie kann ich die Tests nur für ein Modul starten",
        "Warum ist der Build seit heute rot.",
        "was bedeutet die Meldung mit dem Lockfile",
        "Kannst du mir zeigen wo die Migrationen liegen",
        "gibt es ein Skript für Releases",
        "pourquoi le build échoue sur main",
        "comment faire pour lancer un seul test",
        "Est-ce que les migrations tournent toutes seules",
        "où se trouve la configuration de production",
        "Peut-on utiliser pnpm ici",
        "faut-il relancer le serveur après ça",
        "por qué falla la prueba de pagos",
        "cómo se ejecutan las pruebas",
        "Dónde está la configuración de producción",
        "como faço para rodar só um teste",
        "Por que o build está vermelho",
        "onde fica a configuração de produção",
        "come faccio a lanciare un solo test",
        "Qual è la porta del database di staging",
        "dov'è il file di configurazione",
        "hoe kan ik één test draaien",
        "Waarom is de build rood",
        "welke versie gebruiken we in productie",
        "Kun je laten zien waar de migraties staan",
        "テストはどうやって動かすのですか。",
        "このブランチはもうマージしましたか",
        "設定ファイルはどこにありますか。教えてください。",
        "なぜビルドが失敗するのか。",
        "这个分支合并了吗",
        "測試可以並行運行嗎。",
        "为什么构建失败了",
        "怎么才能只运行一个测试",
        "那测试环境呢",
        "数据库用的是哪个版本呢",
        "이 브랜치는 병합됐나요",
        "테스트를 먼저 돌릴까요",
        "배포는 언제 합니까",
    ],
)
def test_a_question_is_not_kept(prompt: str) -> None:
    assert reasons(("user", prompt)) == ["a question"]
    assert reasons(("user", prompt), captured=False) == ["a question"]


@pytest.mark.parametrize(
    "prompt",
    [
        "/compact",
        "/mem0:status please",
        "/review the last commit of the release branch",
        "$mem0:remember we deploy on Fridays",
        "$deploy",
        "  $release-shop to staging",
        "[$release-shop](skill://release-shop) to staging",
        "use $release-shop to ship it to staging",
        "!git status --short",
        "<command-name>/review</command-name> the diff",
        "/explain why does this fail?",
    ],
)
def test_a_call_of_a_skill_is_not_kept(prompt: str) -> None:
    assert reasons(("user", prompt)) == ["a call of a skill or command"]


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("yes", "a single word"),
        ("continue", "a single word"),
        ("是", "a single word"),
        ("ok!", "a single word"),
        ("...", "a single word"),
        ("yes please, go ahead", "no more than a short reply"),
        ("Looks good, thanks a lot!", "no more than a short reply"),
        ("try again", "no more than a short reply"),
        ("", "blank"),
        (" \n\t", "blank"),
    ],
)
def test_what_says_nothing_is_not_kept(prompt: str, reason: str) -> None:
    assert reasons(("user", prompt)) == [reason]
    assert reasons(("assistant", prompt)) == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "I prefer small releases of the shop on Thursdays.",
        "$HOME is read-only on the build machines",
        "/etc/hosts of the build machines names the registry",
        "/srv is where the shop lives",
        "Releases go out on Thursdays; `really?` is the name of a flag",
        'The error "why not?" comes from the payment service',
        "Docs are at https://docs.example/search?q=shop and nowhere else",
        "Whatever happens, releases go out on Thursdays",
        "Likes pizza",
        "I'm vegetarian.",
        "发布总是在星期四进行",
        "Das Team gibt donnerstags frei",
        "When you deploy, the blue script must run first",
        "What we ship on Thursdays is the shop, never the payment service",
        "Where the cache lives depends on the machine of the builder",
        "How we release is written down in docs/release.md",
        "Whatever the linter says, main stays green",
        "The payment service sends „Warum nicht?“ as its error text",
        "El mensaje «¿seguro?» viene del servicio de pagos",
        "エラー「本当に？」は決済サービスから来る",
        "The glob src/*?.py matches every module but the first",
        # A Greek semicolon asks only behind Greek letters
        "We build α first; then everything else",
        # Sentences that begin or end like questions
        "Was wir brauchen ist mehr Zeit für Reviews",
        "Wie besprochen deployen wir nur donnerstags",
        "Wo möglich nutzen wir pnpm",
        "Wer Migrationen schreibt testet sie auf Staging",
        "Ist der Build rot, wird nicht deployt",
        "Wenn die Tests laufen dauert es zehn Minuten",
        "Comment out the block of legacy settings before a release",
        "Pourquoi pas pnpm au lieu de npm",
        "Rappelez-vous que main reste vert",
        "Log-on scripts live in the repository of the shop",
        "Quand on déploie le vendredi quelque chose casse",
        "Comme prévu les tests tournent la nuit",
        "Cuando el build falla avisamos al equipo",
        "Como siempre publicamos los jueves",
        "Donde sea posible usamos pnpm",
        "Qué bien funciona el nuevo pipeline",
        "Quando o build falha avisamos o time",
        "Como podemos ver, o cache resolve o problema",
        "O que importa é manter a main verde",
        "Você pode usar o pnpm para tudo",
        "Quando il build fallisce avvisiamo il team",
        "Puoi usare pnpm per tutto",
        "Chi scrive migrazioni le prova in staging",
        "Wanneer de build faalt waarschuwen we het team",
        "Wie migraties schrijft test ze op staging",
        "Hoe dan ook blijft main groen",
        "静かな環境でテストを動かす",
        "テストが通るかどうかを確認してからマージする",
        "何かあれば日報に書く",
        "我们正在测试呢",
        "我不知道为什么构建失败，所以回滚了",
        "无论怎么改都要先跑测试",
        "谁写代码谁负责测试",
        "테스트가 실패하니까 배포를 멈췄다",
        "빌드는 밤에 끝나요",
    ],
)
def test_a_statement_is_kept(text: str) -> None:
    assert reasons(("user", text)) == [None]
    assert reasons(("user", text), captured=False) == [None]


@pytest.mark.parametrize(
    "prompt",
    [
        "Please look at how releases of the shop work.",
        "fix the flaky test of the payment service",
        "I want you to rename the module",
        "let's bump the version to 1.4",
    ],
)
def test_a_request_that_was_captured_is_not_kept(prompt: str) -> None:
    assert reasons(("user", prompt)) == ["a request"]
    assert reasons(("user", prompt), ("assistant", "Done.")) == ["a request", "a single word"]
    answer = "The flaky test waited for the clock; it waits for the queue now."
    assert reasons(("user", prompt), ("assistant", answer)) == ["a request", None]


def test_a_lone_rule_that_somebody_adds_is_kept_although_it_begins_like_a_request() -> None:
    assert reasons(("user", "Run make lint before each commit"), captured=False) == [None]


@pytest.mark.parametrize(
    "rule",
    [
        "Always run the linter before you commit.",
        "From now on, use pnpm for everything",
        "never push to main directly",
        "We use pnpm, not npm. Fix the lockfile.",
        "Fix the lockfile. We always use pnpm here.",
        "our staging database is called shop_stage",
        "Remember that the shop is closed on Sundays",
    ],
)
def test_what_holds_beyond_the_task_is_kept_before_its_answer(rule: str) -> None:
    answer = "The lockfile was written anew by the package manager."
    assert reasons(("user", rule), ("assistant", answer)) == [None, OTHER]


def test_of_each_exchange_one_message_is_kept() -> None:
    found = reasons(
        ("assistant", "The session begins with a greeting of the agent"),
        ("user", "Please fix the flaky test"),
        ("assistant", "I will look at the test of the queue first."),
        ("assistant", "The flaky test waited for the clock; it waits for the queue now."),
        ("user", "The release failed because a tag was missing"),
        ("user", "We never tag by hand"),
        ("assistant", "CI tags each release from the version file now."),
        ("user", "thanks!"),
        ("assistant", "You're welcome. Shall I commit it?"),
    )
    assert [reason is None for reason in found] == [
        *(True, False, False, True),
        *(True, True, False, False, False),
    ]
    assert found[1:3] == ["a request", OTHER]
    assert found[6:8] == [OTHER, "a single word"]
    assert found[8] == "a question"


def test_an_answer_may_end_in_a_question() -> None:
    said = "CI tags each release from the version file. Shall I push it?"
    assert reasons(("assistant", said)) == [None]
    assert reasons(("assistant", "Which of the two files do you mean?")) == ["a question"]
    assert reasons(("assistant", "Sure. Which of the two files do you mean?")) == ["a question"]
