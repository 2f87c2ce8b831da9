"""The networks: generators that color, and the discriminator that judges.

Every generator maps L to ab, keeps what rebuilds it in `config`, and says in
`multiple` what height and width it accepts.
"""
