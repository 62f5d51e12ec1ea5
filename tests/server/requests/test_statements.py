"""Which statements of a session are kept before an answer, in ten languages beside English."""

from __future__ import annotations

import pytest

from mem0_tui.server.requests.conversation import passed_over
from tests.server.requests.test_conversation import OTHER, reasons

ANSWER = ("assistant", "The lockfile was written anew by the package manager.")

LASTING = (
    "Nutze immer pnpm statt npm",
    "Wir verwenden pnpm, nicht npm.",
    "Ab jetzt bitte alle Commits auf Englisch",
    "Ich bevorzuge kleine Releases am Donnerstag",
    "Wir deployen nie am Freitag.",
    "Unsere Staging-Datenbank heißt shop_stage",
    "Bitte nie direkt auf main pushen",
    "Merk dir, dass der Shop sonntags zu ist",
    "Utilise toujours pnpm ici",
    "Ne pousse jamais directement sur main",
    "N’utilise jamais npm",
    "Désormais, écris les commits en anglais",
    "On utilise pnpm, pas npm",
    "Nous préférons de petites versions le jeudi",
    "J'aime les petites versions",
    "Notre base de staging s'appelle shop_stage",
    "Usa siempre pnpm",
    "Nunca subas directamente a main",
    "A partir de ahora escribe los commits en inglés",
    "Preferimos versiones pequeñas los jueves",
    "Usamos pnpm, no npm",
    "Nuestra base de datos de staging se llama shop_stage",
    "Recuerda que la tienda cierra los domingos",
    "Use sempre o pnpm",
    "Nunca suba direto na main",
    "A partir de agora escreva os commits em inglês",
    "Preferimos versões pequenas às quintas",
    "Usamos pnpm, não npm",
    "Nosso banco de staging se chama shop_stage",
    "Usa sempre pnpm",
    "Non usare mai npm",
    "D’ora in poi scrivi i commit in inglese",
    "Preferiamo rilasci piccoli il giovedì",
    "Usiamo pnpm, non npm",
    "Il nostro database di staging si chiama shop_stage",
    "Gebruik altijd pnpm",
    "Push nooit rechtstreeks naar main",
    "Vanaf nu alle commits in het Engels",
    "We gebruiken pnpm, geen npm",
    "Onze stagingdatabase heet shop_stage",
    "Onthoud dat de winkel op zondag dicht is",
    "Всегда используй pnpm",
    "Никогда не пушь прямо в main",
    "Впредь пиши коммиты на английском",
    "Мы используем pnpm, а не npm",
    "Я предпочитаю маленькие релизы по четвергам",
    "Наша база для стейджинга называется shop_stage",
    "Запомни, что магазин закрыт по воскресеньям",
    "请始终使用 pnpm",
    "以后都用英文写提交信息",
    "我们用 pnpm，不用 npm",
    "我喜欢在星期四发布小版本",
    "我们决定星期五不部署",
    "我们的测试数据库叫 shop_stage",
    "記住商店星期天不營業",
    "不要直接推送到 main",
    "今後はコミットを英語で書いてください",
    "必ずpnpmを使ってください",
    "私たちはpnpmを使っています",
    "私は小さなリリースが好きです",
    "mainに直接pushしないこと",
    "うちのステージングデータベースはdb-2にあります",
    "覚えておいて、店は日曜日に休みです",
    "앞으로는 커밋을 영어로 써 주세요",
    "항상 pnpm을 사용하세요",
    "우리는 npm 대신 pnpm을 사용합니다",
    "저는 목요일의 작은 릴리스를 선호합니다",
    "우리 스테이징 데이터베이스는 db-2에 있습니다",
    "main에 직접 푸시하지 마세요",
)
PASSING = (
    "Der Test schlägt immer fehl",
    "Unser Build ist seit heute rot",
    "Unser Server ist abgestürzt",
    "Immer noch rot",
    "Immer wieder derselbe Fehler",
    "Ich bin gerade im Urlaub",
    "Ich habe den Test geändert",
    "Wir sind fast fertig",
    "Mein Test ist kaputt",
    "Nutze den neuen Cache im Modul",
    "Das Update lief durch",
    "Le test échoue toujours",
    "Notre build est cassé",
    "Toujours pas vert",
    "Je ne vois pas le fichier",
    "On a lancé le test hier",
    "Ça ne marche jamais",
    "Utilise le nouveau cache",
    "Siempre falla la prueba de pagos",
    "Nuestro CI está en rojo",
    "Nuestra prueba es lenta",
    "Usa el nuevo caché",
    "No funciona la prueba",
    "Uso de memoria alto en producción",
    "Sempre falha o teste de pagamento",
    "Nosso build está quebrado",
    "Use o novo cache",
    "Uso de memória alto",
    "Sempre lo stesso errore",
    "Il nostro build è rotto",
    "Non funziona il test",
    "Usa la nuova cache",
    "Altijd weer dezelfde fout",
    "Onze build is kapot",
    "Gebruik de nieuwe cache",
    "Ik heb de test aangepast",
    "Мой тест падает",
    "Наша сборка сломана",
    "Всегда падает тест оплаты",
    "Используй новый кэш",
    "Я изменил тест",
    "总是失败",
    "我用了pnpm还是报错",
    "我们的构建失败了",
    "以后再说",
    "默认会报错",
    "我不知道为什么构建失败",
    "必ず失敗する",
    "いつもエラーになる",
    "うちのビルドは赤です",
    "新しいキャッシュを使ってください",
    "テストを直しました",
    "항상 실패해요",
    "우리 빌드가 깨졌어요",
    "새 캐시를 써 주세요",
    "테스트를 고쳤습니다",
    "제 테스트가 느립니다",
    "Teste nur das Modul mit dem neuen Cache",
    "Usa solo la nueva API para este cambio",
    "Use apenas a nova API nesta mudança",
    "Usa solo la nuova API per questa modifica",
    "Gebruik alleen de nieuwe API hier",
    "Используй только новый API",
    "No toques las pruebas",
    "Não altere os testes",
    "Non modificare i test",
    "Не трогай тесты",
    "不要修改测试",
    "건드리지 마세요",
    "今後の予定はまだ決まっていない",
    "必ずしも速いとは限らない",
    "いつもありがとう",
    "いつもと違うエラーが出る",
    "앞으로 가기 버튼이 안 보여요",
    "항상 감사합니다",
    "Wir haben den Build gestern repariert",
    "Ich mache gleich weiter mit dem nächsten Test",
    "Nous avons corrigé le test",
    "J'ai relancé le build",
    "Hemos arreglado la prueba",
    "Decidí esperar",
    "Nós corrigimos o teste",
    "Abbiamo corretto il test",
    "We hebben de test gerepareerd",
    "Мы исправили тест",
    "我们修复了测试",
    "我用pnpm运行的时候报错",
    "私はテストを直しました",
    "우리는 테스트를 고쳤습니다",
    "Immer dieser Fehler",
    "Unser Team hat den Build repariert",
    "Mi prueba falla",
    "Meu teste falha",
    "Mon test échoue",
)
REQUESTS = (
    "Bitte behebe den wackligen Test",
    "Füge einen Health-Check hinzu",
    "Schau dir das Modul an",
    "Corrige le test instable",
    "S'il te plaît ajoute un test",
    "Arregla la prueba inestable",
    "Por favor agrega una prueba",
    "Corrija o teste instável",
    "Por favor adicione um teste",
    "Correggi il test instabile",
    "Aggiungi un test",
    "Repareer de instabiele test",
    "Voeg een test toe",
    "Исправь нестабильный тест",
    "Пожалуйста, добавь тест",
    "请修复这个测试",
    "帮我看看这个模块",
    "テストを直してください",
    "このテストの修正をお願いします",
    "테스트를 고쳐 주세요",
    "이 모듈을 봐줘",
)
NO_REQUESTS = (
    "Die Suche im Shop läuft über Typesense",
    "Suche im Shop läuft über Typesense",
    "Liste des modules dans docs",
    "Prueba de pagos en staging pasa por el túnel",
    "Teste de pagamento passa pelo túnel",
    "更新日志在 docs 目录",
    "运行测试需要数据库",
    "修复了支付服务的问题",
    "テストは夜に動く",
    "빌드는 밤에 끝나요",
    "Отчёт лежит в docs",
)
REPLIES = (
    "ja, mach weiter",
    "alles klar, danke",
    "oui, continue",
    "merci beaucoup",
    "sí, adelante",
    "muchas gracias",
    "sim, pode continuar",
    "obrigado, perfeito",
    "sì, continua",
    "grazie mille",
    "ja, ga door",
    "dank je wel",
    "да, продолжай",
    "спасибо большое",
    "好的，继续",
    "没问题，谢谢",
    "はい、お願いします",
    "ありがとうございます",
    "네, 계속해 주세요",
    "감사합니다",
)


@pytest.mark.parametrize("said", LASTING)
def test_what_holds_beyond_the_task_is_kept_before_its_answer(said: str) -> None:
    assert reasons(("user", said), ANSWER) == [None, OTHER]


@pytest.mark.parametrize("said", PASSING)
def test_what_only_tells_of_the_task_gives_way_to_its_answer(said: str) -> None:
    assert reasons(("user", said), ANSWER)[1] is None


@pytest.mark.parametrize("said", REQUESTS)
def test_a_request_that_was_captured_is_not_kept(said: str) -> None:
    assert reasons(("user", said)) == ["a request"]
    assert passed_over([{"role": "user", "content": said}], captured=False) == [None]


@pytest.mark.parametrize("said", NO_REQUESTS)
def test_a_statement_that_begins_like_a_request_is_kept(said: str) -> None:
    assert reasons(("user", said)) == [None]


@pytest.mark.parametrize("said", REPLIES)
def test_a_short_reply_is_not_kept(said: str) -> None:
    assert reasons(("user", said)) == ["no more than a short reply"]
    assert reasons(("assistant", said)) == ["no more than a short reply"]


def test_a_rule_among_other_sentences_counts() -> None:
    said = "Die Lockdatei ist veraltet. Wir verwenden übrigens immer pnpm."
    assert reasons(("user", said), ANSWER) == [None, OTHER]


@pytest.mark.parametrize(
    "said", ["wir " * 50_000, "我们的" * 50_000, "すること " * 50_000, "네" * 90_000]
)
def test_a_long_message_is_judged_too(said: str) -> None:
    assert len(reasons(("user", said), ANSWER)) == 2
