"""Signs by which a text that means harm gives itself away, and that ordinary notes do not have.

They are about how something is written, never about what it asks for: hidden characters, mixed
scripts, encoded or disguised orders, links that carry data out, fake roles, hidden markup. Urgency,
«never», «always», names of tools or a word such as «ignore» are no sign: plain rules use them all.
A text without a sign is not thereby safe.
"""
