"""How lasting statements, requests and short replies are said in ten languages beside English.

Words stand apart by blanks; ``_`` stands for a blank within one, ``'`` for every apostrophe, behind
which a blank is read. What is missed is a statement like others, and what is taken wrongly takes
the place of an answer; so words that a passing report begins with alike are left out.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Language(NamedTuple):
    """The words of one language; a field is empty where the language says it in another way."""

    rule: str
    """How a rule begins."""
    who: str
    """Who has a habit or preference."""
    does: str
    """What stands behind *who*, for a habit or preference."""
    do: str
    """Orders that hold for good where one of *always* follows."""
    always: str
    own: str
    """What somebody's things are called by, as in "our"."""
    thing: str
    """What stands behind such a thing, for a fact of it."""
    state: str
    """What stands behind *rule*, *always* or *thing* in a passing report: "still", "broken"."""
    lead: str
    """What may stand before any of these."""
    ask: str
    """How a request begins."""
    reply: str
    """Words of which a message says nothing when it has no others."""
    bare: bool = False
    """Whether *does* says who by itself."""
    ends: str = ""
    """How a rule ends, whatever it begins with."""
    ask_ends: str = ""
    """How a request ends."""


GERMAN: Final = Language(
    rule="immer nie niemals stets ab_jetzt ab_sofort von_nun_an künftig zukünftig in_zukunft"
    " grundsätzlich standardmäßig merk_dir merke_dir denk_daran denke_daran vergiss_nicht zur_info"
    " vermeide",
    who="ich wir mein_team unser_team das_team",
    does="bevorzuge bevorzugen bevorzugt mag mögen liebe hasse hassen vermeide vermeiden nutze"
    " nutzen nutzt benutze benutzen verwende verwenden verwendet deploye deployen releasen hosten"
    " wohne arbeite_mit arbeiten_mit arbeite_bei haben_beschlossen haben_uns",
    do="verwende benutze nutze nimm mach mache schreib schreibe push pushe committe lösche teste"
    " starte deploye lass",
    always="immer nie niemals stets grundsätzlich",
    own="mein meine unser unsere unseren",
    thing="heißt heißen liegt liegen wohnt nutzt nutzen verwendet verwenden läuft_auf läuft_in",
    state="noch wieder mehr öfter fast dieser diese dieselbe derselbe gesehen rot grün"
    " kaputt fertig gerade jetzt leider nicht offen langsam defekt fehl seit",
    lead="und aber also auch bitte ok übrigens",
    ask="bitte lass_uns lasst_uns ich_möchte_dass ich_will_dass ich_brauche füge ändere baue prüfe"
    " überprüfe erstelle lösche schreib schreibe behebe fixe korrigiere repariere entferne benenne"
    " implementiere erkläre erklär zeige zeig aktualisiere verschiebe ersetze refaktoriere schau"
    " räum mach mache bring",
    reply="ja nein ok danke bitte gut super prima perfekt passt weiter mach alles klar genau jetzt"
    " nochmal das ist so und sehr schön stimmt richtig los",
)
FRENCH: Final = Language(
    rule="désormais dorénavant à_partir_de_maintenant à_l'_avenir par_défaut souviens-toi"
    " souvenez-vous retiens retenez rappelle-toi rappelez-vous n'_oublie_pas n'_oubliez_pas"
    " note_que notez_que pour_info évite évitez toujours ne_jamais",
    who="je j' nous on mon_équipe notre_équipe",
    does="préfère préférons aime aimons adore déteste détestons utilise utilisons évite évitons"
    " déploie déployons publie publions héberge hébergeons habite n'_utilise_pas n'_utilise_jamais"
    " n'_aime_pas ai_décidé a_décidé avons_décidé a_convenu avons_convenu",
    do="utilise utilisez emploie lance lancez exécute écris écrivez garde gardez vérifie vérifiez"
    " teste testez pousse poussez ne n'",
    always="toujours jamais systématiquement",
    own="mon ma mes notre nos",
    thing="s'_appelle s'_appellent se_trouve se_trouvent utilise utilisent tourne_sur tourne_en",
    state="pas encore rouge rouges vert verte cassé cassée cassés en_panne en_échec prêt prête"
    " maintenant le_même la_même en_cours",
    lead="et mais donc aussi ok s'_il_te_plaît s'_il_vous_plaît au_fait",
    ask="s'_il_te_plaît s'_il_vous_plaît stp svp merci_de je_veux_que je_voudrais_que ajoute"
    " ajoutez corrige corrigez répare modifie supprime supprimez crée créez écris exécute vérifie"
    " renomme remplace déplace implémente explique explique-moi montre-moi regarde ouvre mets fais"
    " nettoie génère installe affiche",
    reply="oui non ok merci d' accord parfait super bien très continue vas y c' est bon beaucoup"
    " encore c est ça exactement allez bravo",
)
SPANISH: Final = Language(
    rule="siempre nunca jamás a_partir_de_ahora de_ahora_en_adelante en_adelante en_el_futuro"
    " por_defecto recuerda recuerde recuerden recordad acuérdate ten_en_cuenta tengan_en_cuenta"
    " no_olvides no_olvide no_olviden para_que_conste evita evite eviten evitad no_uses no_usen",
    who="yo nosotros mi_equipo nuestro_equipo siempre nunca no",
    does="prefiero preferimos usamos utilizamos utilizo evito evitamos desplegamos publicamos odio"
    " me_gusta me_gustan nos_gusta nos_gustan trabajamos_con trabajo_con vivo_en hemos_decidido"
    " hemos_acordado decidimos acordamos",
    do="usa usad utiliza ejecuta escribe haz pon corre prueba sube lanza",
    always="siempre nunca",
    own="mi mis nuestro nuestra nuestros nuestras",
    thing="se_llama se_llaman usa usan vive_en corre_en está_en están_en",
    state="rojo roja rojos verde verdes roto rota lento lenta ahora todavía falla fallan se_cae"
    " da_error funciona hay lo_mismo",
    lead="y pero también ok por_favor por_cierto",
    ask="por_favor quiero_que necesito_que vamos_a agrega añade arregla corrige elimina borra"
    " escribe ejecuta revisa comprueba renombra reemplaza mueve refactoriza implementa explica"
    " explícame muéstrame muestra mira abre haz limpia busca actualiza instala dame dime",
    reply="sí si no ok vale gracias bien muy perfecto claro adelante sigue continúa continua de"
    " acuerdo genial listo eso es por favor otra vez muchas",
    bare=True,
)
PORTUGUESE: Final = Language(
    rule="sempre nunca jamais a_partir_de_agora de_agora_em_diante daqui_em_diante"
    " daqui_para_frente no_futuro por_padrão por_omissão lembre-se lembra-te lembre"
    " tenha_em_mente não_esqueça não_se_esqueça evite evitem não_use não_usem",
    who="eu nós a_gente meu_time nosso_time minha_equipe nossa_equipe sempre nunca não",
    does="prefiro preferimos usamos utilizamos utilizo evito evitamos publicamos"
    " implantamos odeio gosto_de gostamos_de trabalho_com trabalhamos_com moro_em decidimos"
    " combinamos",
    do="use usem utilize execute escreva faça rode teste mantenha suba",
    always="sempre nunca",
    own="meu minha meus minhas nosso nossa nossos nossas",
    thing="se_chama se_chamam chama-se usa usam fica_em ficam_em roda_em está_em estão_em",
    state="vermelho vermelha verde quebrado quebrada lento lenta agora ainda falha falham cai"
    " dá_erro funciona há tem o_mesmo",
    lead="e mas também ok por_favor aliás",
    ask="por_favor quero_que preciso_que vamos adicione adiciona corrija conserte arrume altere"
    " apague remova crie escreva execute rode verifique revise renomeie substitua mova refatore"
    " implemente explique mostre olhe abra coloque faça limpe procure encontre atualize instale"
    " me_mostre me_diga me_explique",
    reply="sim não nao ok obrigado obrigada bom bem muito perfeito claro pode continuar continue"
    " isso certo ótimo beleza valeu de novo por favor",
    bare=True,
)
ITALIAN: Final = Language(
    rule="sempre d'_ora_in_poi d'_ora_in_avanti da_ora_in_poi in_futuro di_default ricorda"
    " ricordati ricordate tieni_presente tieni_a_mente non_dimenticare evita evitate preferisci"
    " non_usare non_usate",
    who="io noi il_mio_team il_nostro_team non",
    does="preferisco preferiamo preferisce usiamo utilizziamo evito evitiamo odio mi_piace"
    " mi_piacciono ci_piace pubblichiamo rilasciamo lavoro_con lavoriamo_con vivo_a abbiamo_deciso"
    " abbiamo_concordato abbiamo_scelto",
    do="usa usate utilizza esegui scrivi fai lancia metti non",
    always="sempre mai",
    own="il_mio la_mia i_miei le_mie il_nostro la_nostra i_nostri le_nostre mio mia nostro nostra",
    thing="si_chiama si_chiamano si_trova si_trovano usa usano gira_su",
    state="rosso rossa rossi verde verdi rotto rotta lento lenta fallito fallita adesso ora ancora"
    " lo_stesso la_stessa in_corso",
    lead="e ma anche ok per_favore comunque",
    ask="per_favore per_piacere voglio_che vorrei_che ho_bisogno_che aggiungi correggi cancella"
    " elimina rimuovi crea scrivi esegui controlla rinomina sostituisci sposta implementa spiega"
    " spiegami mostra mostrami guarda apri metti fai pulisci cerca trova genera installa aggiorna"
    " dammi dimmi",
    reply="sì si no ok grazie bene perfetto va certo continua avanti procedi d' accordo ottimo"
    " esatto per favore ancora mille molto",
    bare=True,
)
DUTCH: Final = Language(
    rule="altijd nooit vanaf_nu voortaan in_de_toekomst in_het_vervolg standaard_gebruiken onthoud"
    " vergeet_niet houd_er_rekening_mee ter_info vermijd",
    who="ik wij we mijn_team ons_team het_team",
    does="gebruik gebruiken gebruikt haat haten vermijd vermijden hou_van houden_van"
    " geef_de_voorkeur geven_de_voorkeur deployen releasen hosten werken_met werk_met woon_in"
    " hebben_besloten hebben_afgesproken",
    do="gebruik draai schrijf push commit maak doe zet test deploy",
    always="altijd nooit",
    own="mijn onze ons",
    thing="heet heten staat_in staat_op gebruikt gebruiken draait_op draait_in",
    state="nog weer meer rood groen kapot klaar nu niet traag stuk bezig",
    lead="en maar dus ook ok alsjeblieft overigens",
    ask="alsjeblieft graag ik_wil_dat laten_we voeg herstel repareer verander wijzig verwijder maak"
    " schrijf draai controleer hernoem vervang verplaats implementeer leg_uit laat_zien laat_me"
    " kijk zoek installeer toon geef",
    reply="ja nee ok dank je wel bedankt goed prima perfect ga door verder klopt precies graag"
    " alsjeblieft nog een keer maar heel",
)
RUSSIAN: Final = Language(
    rule="всегда никогда впредь отныне с_этого_момента в_будущем по_умолчанию запомни запомните"
    " помни помните не_забудь не_забудьте не_забывай имей_в_виду учти учтите к_сведению избегай"
    " избегайте не_используй не_используйте не_пушь не_коммить",
    who="я мы моя_команда наша_команда команда",
    does="предпочитаю предпочитаем предпочитает люблю любим не_люблю ненавижу использую используем"
    " использует не_используем избегаю избегаем решили договорились выбрали деплоим выкатываем"
    " храним живу",
    do="используй используйте запускай пиши делай пушь коммить тестируй",
    always="всегда никогда",
    own="мой моя моё мои наш наша наше наши",
    thing="называется называются лежит лежат находится находятся использует используют",
    state="красный красная зелёный сломан сломана падает падают валится не_работает сейчас опять",
    lead="и а но также кстати пожалуйста ок",
    ask="пожалуйста давай давайте хочу_чтобы мне_нужно нужно_чтобы добавь исправь почини измени"
    " поменяй удали создай напиши запусти проверь переименуй замени перенеси реализуй объясни"
    " покажи посмотри открой сделай найди обнови установи дай скажи",
    reply="да нет ок спасибо хорошо отлично супер продолжай дальше давай ладно верно точно"
    " пожалуйста большое ещё раз понятно",
)
SPACED: Final = (GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, RUSSIAN)
"""The languages that put blanks between words."""

CHINESE: Final = Language(
    rule="总是 總是 始终 始終 一律 务必 務必 永远不 永遠不 绝不 絕不 千万不要 千萬不要 切勿 禁止"
    " 以后请 以後請 以后都 以後都 以后不要 以後不要 今后请 今後請 今后都 今後都 从现在起 從現在起"
    " 从现在开始 從現在開始 记住 記住 记得 記得 别忘了 別忘了 不要忘记 不要忘記 不要直接 不要使用"
    " 不要提交 不要推送",
    who="我 我们 我們 我们团队 我們團隊 我们都 我們都 我们一般 我們一般 我们通常 我們通常 我们总是"
    " 我們總是 我更 我不 我们不 我們不 我们从不 我們從不",
    does="喜欢 喜歡 偏好 讨厌 討厭 习惯 習慣 避免 住在 使用 用 决定 決定 约定 約定 规定 規定",
    do="",
    always="",
    own="我的 我们的 我們的 我们团队的 我們團隊的",
    thing="叫 叫做 位于 位於 部署在 存放在 放在 用的是 使用的是",
    state="失败 失敗 报错 報錯 会 會 了 过 過 的时候 的時候 不是 红的 紅的 坏的 壞的 错的 錯的 什么"
    " 什麼",
    lead="请 請 另外 还有 還有 注意 顺便说一下",
    ask="请 請 麻烦 麻煩 帮我 幫我 帮忙 幫忙 给我 給我 我想要你 我需要你 让我们 讓我們 看一下"
    " 修一下 改一下 加一下 检查一下 檢查一下 更新一下 修复一下 修復一下 运行一下 執行一下",
    reply="是 是的 不 不是 好 好的 可以 行 对 對 没问题 沒問題 谢谢 謝謝 继续 繼續 很好 完美 明白"
    " 知道了 不用了 好的谢谢 好的继续 好的請繼續 请继续 請繼續",
)
JAPANESE: Final = Language(
    rule="今後は これからは 以降は 常に 必ず 絶対に いつも 原則として デフォルトで 覚えておいて"
    " 忘れないで",
    who="私は 僕は 俺は 私たちは うちは うちのチームは 弊社は 当社は チームは 私のチームは"
    " チームでは うちでは 弊社では",
    does="が好き が好きです を好みます が嫌い が嫌いです が好みです を使っている を使っています"
    " を使ってる を使います を使う を使わない を使いません に住んでいる に住んでいます"
    " ことにしている ことにしています ことにした ことにしました",
    do="",
    always="",
    own="私の 僕の 俺の 私たちの うちの 弊社の 当社の チームの",
    thing="にある にあります と呼ぶ と呼びます と呼んでいます という名前です を使っています",
    state="失敗 落ち エラー 壊れ 遅 壊 しも バグ ありがと",
    lead="あと、 また、 ちなみに なお、",
    ask="",
    reply="はい いいえ うん 了解 了解です ありがとう ありがとうございます お願いします"
    " はいお願いします 続けて 続けてください いいね 完璧 完璧です 大丈夫 大丈夫です いいです"
    " いいですね わかりました なるほど オーケー",
    ends="しないこと すること してはいけない してはいけません てはならない 禁止 禁止です ルールです"
    " 決まりです",
    ask_ends="てください で下さい て下さい でください てくれ てほしい て欲しい お願いします"
    " お願い しよう しましょう てもらえる してね",
)
KOREAN: Final = Language(
    rule="앞으로는 이제부터 이제부터는 기본적으로 반드시 절대 절대로 항상 언제나 참고로 기억해"
    " 기억해줘 잊지_마",
    who="나는 저는 난 전 우리는 저희는 우리_팀은 저희_팀은 팀은",
    does="좋아한다 좋아합니다 좋아해 좋아해요 싫어한다 싫어합니다 싫어해 싫어해요 선호한다"
    " 선호합니다 선호해 선호해요 사용한다 사용합니다 사용해요 쓴다 씁니다 써요 쓰지_않는다"
    " 쓰지_않습니다 쓰지_않아요 기로_했다 기로_했습니다 기로_했어요",
    do="",
    always="",
    own="내 제 우리 저희 우리_팀의 저희_팀의",
    thing="에_있다 에_있습니다 에_있어요 라고_한다 라고_합니다 라고_해요 라고_부릅니다",
    state="실패 에러 오류 깨 느리 느려 감사 고마",
    lead="그리고 또",
    ask="",
    reply="네 예 응 아니 아니요 좋아 좋아요 고마워 고마워요 감사합니다 계속 계속해 계속해줘"
    " 계속해주세요 완벽해 완벽해요 알겠습니다 알겠어 됐어 그래 맞아 맞아요 네_계속해줘"
    " 네_감사합니다 네_좋아요",
    ends="하지_말_것 금지 금지입니다 규칙입니다 사용하지_마세요 쓰지_마세요 푸시하지_마세요"
    " 커밋하지_마세요",
    ask_ends="해줘 해_줘 해주세요 해_주세요 줘 주세요 주십시오 하자 합시다 부탁해 부탁해요"
    " 부탁드립니다 부탁드려요",
)
