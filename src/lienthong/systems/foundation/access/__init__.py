"""Access events: every answer about a person leaves one, and its subject can list them.

Source: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 4 (right to know); Nghị định 13/2023/NĐ-CP.
"""
