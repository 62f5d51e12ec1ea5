"""Words for passwords and keys in languages other than English, in lower case, without a blank."""

from __future__ import annotations

PASSWORDS = (
    "passwort", "kennwort", "wachtwoord", "contraseña", "contrasena", "senha", "mdp", "haslo", "hasło",
    "heslo", "lösenord", "losenord", "adgangskode", "kodeord", "passord", "salasana", "jelszó",
    "jelszo", "jelszava", "parola", "parolă", "şifre", "sifre", "lozinka", "zaporka", "geslo", "slaptažod",
    "slaptazod", "parool", "lykilorð", "motdepasse", "mot_de_passe", "mot-de-passe",
    "palavra-passe", "palavra_passe", "katasandi", "kata_sandi", "matkhau", "mat_khau",
    "пароль", "пароля", "паролем", "пароли", "лозинка", "κωδικός", "κωδικο",
    "パスワード", "暗証番号", "密码", "密碼", "口令", "비밀번호", "암호", "mậtkhẩu", "สผ่าน", "पासवर्ड",
    "סיסמה", "סיסמא",
)  # fmt: skip
KEYS = (
    "schlüssel", "schluessel", "llave", "clave", "chave", "chiave", "clé", "klucz", "klíč", "sleutel", "nyckel",
    "nøgle", "ключ", "токен", "anahtar", "avain", "密钥", "密鑰", "令牌", "トークン", "キー", "토큰",
)  # fmt: skip
ASCII = (
    "haslo", "heslo", "losenord", "adgangs", "kodeord", "salasana", "jelsz", "parol",
    "sifre", "lozink", "geslo", "mdp", "mot de p", "palavra", "sandi", "llave", "chave", "chiave", "klucz",
)  # fmt: skip
